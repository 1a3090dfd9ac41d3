// SPDX-License-Identifier: MIT
//
// What the files of vm/interp share: the inline caches, argument binding, unwinding and the
// slow paths of instructions. Private to vm/interp (and generator.c, which resumes frames).
//
// Inline caches. One 64-bit word follows a caching instruction; it is read and written with
// relaxed atomics and describes itself by its low three bits, so that whatever thread wrote
// it last, the reader knows what it holds and checks the guard in it:
//   0        nothing cached
//   ...001   SLOT        bits 8..31 shape id; bits 32..62 byte offset in the instance, or with bit
//   63 set
//                        index into Instance.overflow
//   ...010   TRANSITION  bits 8..31 old shape id; bits 32..55 new shape id; bits 56..63 slot
//   ...011   ENTRY NUMBER (globals) bits 3..31 dict entry; bits 32..63 keys version
//   ...000   pointer to a chain of CacheEntries (several shapes met here, or what does not fit a
//            word), immutable once published (release store of the word; the
//            reader depends on the pointer, which orders its reads), freed after a grace period
#ifndef LOCKSMITH_VM_INTERP_INTERNAL_H
#define LOCKSMITH_VM_INTERP_INTERNAL_H

#include "locks/claim.h"
#include "gc/reclaim.h"
#include "vm/interp/frame.h"
#include "vm/object.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/exceptions.h"
#include "vm/types/int.h"
#include "vm/types/float.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/set.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

enum { CACHE_SLOT = 1, CACHE_TRANSITION = 2, CACHE_ENTRY_NUMBER = 3 };
#define CACHE_TAG_MASK 7u

typedef enum {
    ENTRY_METHOD, // value is found on the type and binds self: call it as value(self, ...)
    // The same of an object whose dict, the field at offset word, has no such key while its keys
    // version is version2. LOAD_METHOD alone.
    ENTRY_METHOD_BESIDE,
    // An instance in dict mode of a type that has nothing for the name that comes before the dict.
    // value is what its type has behind that, if anything; word (InDictValue) says what becomes of
    // it. STORE_ATTR keeps no value.
    ENTRY_IN_DICT,
    ENTRY_CONSTANT,   // value is found on the type and is no descriptor
    ENTRY_PROPERTY,   // value is the property
    ENTRY_GETSET,     // getset is the definition of a native attribute (STORE_ATTR's has a setter)
    ENTRY_MEMBER,     // value is the member descriptor of a native type, and the object has that
    ENTRY_TUPLE_ITEM, // a named tuple's field: item number word, if the tuple has so many
    ENTRY_OWNED,      // attribute of one particular object (a module or class): guard by identity
    ENTRY_GLOBAL,     // a native function or type of the builtins, no such name in the globals
    ENTRY_INIT,       // a class: value is its __init__ function
    // super().name of a self whose type has this version: value is what the class in object (that
    // of the __class__ cell, item number word of the closure) leads to, and binds self. A CALL's.
    ENTRY_SUPER,
    ENTRY_SLOT,       // word is a SLOT word
    ENTRY_TRANSITION, // word is a TRANSITION word
    // A transition whose slot lies in the overflow array: word is the new shape's id. STORE_ATTR's.
    ENTRY_OVERFLOW,
} CacheEntryKind;

// As a CONSTANT's, a METHOD's, or another descriptor, whose __get__ is asked.
typedef enum { IN_DICT_CONSTANT, IN_DICT_METHOD, IN_DICT_GETS } InDictValue;

// More shapes than this at one site are not worth a search.
#define CACHE_CHAIN_MAX 4
// An entry whose version was old this often is replaced only each so many misses: where a class
// attribute is written all the time, the lookup is cheaper than to remember its result.
#define CACHE_REFILLS_MAX 16
#define CACHE_REFILL_EACH 64
// The same for an attribute of a module, for which there is another kind of word.
#define CACHE_OWNED_REFILLS_MAX 3

typedef struct CacheEntry {
    CacheEntryKind kind;
    // Of a chain's first entry, the one field that changes (relaxed): how often it was left alone.
    uint32_t misses;
    uint32_t refills; // how often this entry was replaced because its version was old
    uint32_t shape; // of the object (METHOD, CONSTANT, PROPERTY, GETSET, MEMBER, TUPLE_ITEM); some
                    // number of its type (SUPER)
    uint32_t version; // type version; keys version of the globals; watch version of a module's dict
    uint32_t version2; // watch version of the builtins (GLOBAL); keys version (METHOD_BESIDE)
    // Not owned, or an object would outlive its last real reference until this site ran again. What
    // the type's namespace held when `version` was current is still there while `version` is, and
    // leaves it through reclaim_reference: so it outlives every reader that saw the version. Values
    // of other namespaces are only kept here if they never die (native functions, native types) .
    Value value;
    uint64_t word; // SLOT, TRANSITION; METHOD_BESIDE; TUPLE_ITEM; SUPER; OWNED: 1 if value is a
                   // static method, which stands for its function
    const struct CacheEntry *next;
    const void *object; // OWNED, INIT, SUPER: the object (borrowed, compared only while its version
                        // holds)
    const GetSetDef *getset;
} CacheEntry;

ALWAYS_INLINE uint64_t *cache_word(const Instruction *pc) {
    return (uint64_t *)(pc + 1);
}
ALWAYS_INLINE uint64_t cache_load(const Instruction *pc) {
    return __atomic_load_n(cache_word(pc), __ATOMIC_ACQUIRE);
}
// The header that a guard looks at: that of an object, or for a number, which has none, that of one
// which stands for all of its type.
Object *cache_number_header(Value number);
ALWAYS_INLINE Object *cache_header(Value v) {
    return LIKELY(value_is_object(v)) ? value_object(v) : cache_number_header(v);
}
ALWAYS_INLINE bool cache_is_entry(uint64_t word) {
    return word != 0 && (word & CACHE_TAG_MASK) == 0;
}
void cache_store_word(Instruction *pc, uint64_t word); // retires a chain it replaces
void cache_add(Instruction *pc, const CacheEntry *e);  // copies e into the site's chain
void code_free_caches(Code *code);                     // the code dies

// Filling; each looks the thing up the slow way too: a new reference, or VALUE_NULL with an
// exception.
Value cache_fill_load_attr(Instruction *pc, Value object, Value name);
int cache_fill_store_attr(Instruction *pc, Value object, Value name, Value value);
// By an entry whose guard has just held for object, none of SLOT or TRANSITION: 0 or -1.
int cache_store_by_entry(const CacheEntry *e, Value object, Value name, Value value);
// LOAD_METHOD: *self_needed tells whether the result takes object as its first argument.
Value cache_fill_load_method(Instruction *pc, Value object, Value name, bool *self_needed);
Value cache_fill_load_global(Instruction *pc, Function *function, Value name);
void cache_fill_init(Instruction *pc, Type *type);
// A CALL of super() whose result is only asked for the method `name`.
void cache_fill_super(Instruction *pc, const Frame *frame, Value name);
// Does a METHOD_BESIDE entry whose shape and version hold for object hold for its dict? *dict_out
// is the dict then, a new reference, for the caller to release when it has what it needs of the
// entry. If not, a dict that another thread has just replaced may go: e is not to be looked at any
// more.
bool cache_holds_beside_dict(const CacheEntry *e, Value object, Value *dict_out);

// Arguments: callee->registers[0 .. nargs-1] are owned by the call, the last ones by keyword if
// kwnames (borrowed tuple or VALUE_NULL). Arranges them as the parameters of code, which is that of
// callee->function or was a moment ago. rest (consumed) is VALUE_NULL, or what the parameter of **
// gets if there are no kwnames. On error all are released, an exception is set: -1. The frame
// header is not looked at but for function.
int bind_arguments(Frame *callee, Code *code, size_t nargs, Value kwnames, Value rest);

// For CALL_EX: makes callee, which is above the running frame, the frame of a call that
// interp_call_with_dict would do (keywords NULL: there are none). 1: the loop has to enter it. 0 if
// it is to be called in another way, and nothing was done; -1 with an exception.
int interp_push_with_dict(Frame *callee, Value function, Value self, Value args_tuple,
                          Value *keywords);

// Would a frame for code at callee, called from frame, go beyond the recursion limit or the stack?
static inline bool frame_too_deep(const Thread *thread, const Frame *frame, const Frame *callee,
                                  const Code *code) {
    return frame_depth(frame) + thread->depth >=
               __atomic_load_n(&thread_recursion_limit, __ATOMIC_RELAXED) ||
           callee->registers + code->register_count > thread->stack_limit;
}
// Then: raises RecursionError, releasing the nargs filled registers; true. False if the frame may
// be pushed all the same (a RecursionError is being handled and there is room).
bool frame_refuse(Thread *thread, Frame *callee, const Code *code, uint32_t nargs);

// Where a frame called from C begins.
static inline Value *stack_top(Thread *thread) {
    Frame *f = thread->frame;
    return f ? f->registers + frame_code(f)->register_count : thread->stack;
}

// Runs from the innermost frame (thread->frame, flagged FRAME_ENTRY) until that frame returns: its
// result as a new reference, or VALUE_NULL. throwing: begin by raising the pending exception there.
// For a generator's frame a yield returns too: *yielded is set then.
Value interp_loop(Thread *thread, bool throwing, bool *yielded);

// The pending exception leaves the innermost frame (its traceback entry is there already): finds a
// handler there or in the callers up to the entry frame, adding their traceback entries.
typedef enum { UNWIND_HANDLER, UNWIND_LEAVE } UnwindResult;
UnwindResult unwind(Thread *thread);

// Releases a window's registers from `first` on.
static inline void registers_clear(Value *registers, uint32_t first, uint32_t end) {
    for (uint32_t i = first; i < end; i++)
        if (value_is_object(registers[i])) // most of them hold nothing
            reg_empty(&registers[i]);
}

// The same from the end down, as a stack is taken down: the inner loop's iterator goes first.
static inline void temporaries_clear(Value *registers, uint32_t first, uint32_t end) {
    while (end > first)
        if (value_is_object(registers[--end]))
            reg_empty(&registers[end]);
}

// The handler of what is raised by the instruction at this word, or NULL.
static inline const CodeHandler *code_handler(const Code *code, uint32_t word) {
    for (uint32_t i = 0; i < code->handler_count; i++)
        if (word >= code->handlers[i].start && word < code->handlers[i].end)
            return &code->handlers[i];
    return NULL;
}

// Claims a suspended generator for resumption: false if it is running or finished.
ALWAYS_INLINE bool generator_claim(Generator *g) {
    return claim_word_of(&g->header, &g->state, GENERATOR_SUSPENDED, GENERATOR_RUNNING);
}

// The same for sending a value: false also if it was never started and the value is not None.
static inline bool generator_claim_to_send(Generator *g, Value sent) {
    if (!generator_claim(g))
        return false;
    if (LIKELY(value_is_none(sent) || g->started))
        return true;
    __atomic_store_n(&g->state, GENERATOR_SUSPENDED, __ATOMIC_RELEASE);
    return false;
}

// Gives the sent value (borrowed) to a pushed generator frame. True: its instruction (a YIELD_FROM)
// runs again; false: it goes on after it.
static inline bool generator_deliver(Generator *g, Frame *frame, Value sent) {
    if (UNLIKELY(!g->started)) {
        g->started = true;
        return false;
    }
    const Instruction *pc = frame_pc(frame);
    bool again = __atomic_load_n(&pc->op, __ATOMIC_RELAXED) == OP_YIELD_FROM;
    saved_register_note(sent);
    reg_copy(&frame->registers[again ? pc->c : pc->a], sent);
    return again;
}

// A frame on the stack that runs a generator: the word below its header is the generator (tagged).
static inline Generator *frame_generator(const Frame *f) {
    return (Generator *)(((const uint64_t *)f)[-1] & ~(uint64_t)1);
}
// Puts a suspended generator's frame on top of the stack (state is RUNNING already). NULL:
// RecursionError.
Frame *generator_push(Thread *thread, Generator *generator, uint32_t flags);
// Takes the running frame off the stack again, back into its generator (suspend) or for good
// (finish).
void generator_pop_suspend(Thread *thread, Frame *frame);
void generator_pop_finish(Thread *thread, Frame *frame);

// ---- slow paths of instructions: 0, or -1 with an exception; operands consumed as opcodes.def
// says
typedef const Instruction *Pc;
int slow_binary(Frame *frame, Pc pc, BinaryOperator op, bool inplace);
int slow_binary_int(Frame *frame, Pc pc, BinaryOperator op, bool inplace);
int slow_unary(Frame *frame, Pc pc, Value (*operation)(Value));
int slow_compare(Frame *frame, Pc pc, CompareOperator op);
int slow_condition(Frame *frame, Pc pc, CompareOperator op);     // 1, 0, -1
int slow_condition_int(Frame *frame, Pc pc, CompareOperator op); // against the number b
int slow_match_length(Frame *frame, Pc pc);
int slow_store_item(Frame *frame, Pc pc);
int slow_unpack(Frame *frame, Pc pc);
// At a FOR_ITER over what makes tuples (slot next_items): if the body begins with taking the tuple
// apart, does both. 1: done, the item's register is as it was; else as the slot.
int slow_for_items(Frame *frame, Pc pc, const Type *type);
int slow_unpack_ex(Frame *frame, Pc pc);
int slow_build(Frame *frame, Pc pc);
int slow_list_of_constant(Frame *frame, Pc pc);
int slow_set_of_constant(Frame *frame, Pc pc);
int slow_make_function(Frame *frame, Pc pc);
// If manager's class has functions of Python code for both ends of a with statement: __enter__'s as
// a new reference, and in *leave __exit__'s bound, another. Otherwise VALUE_NULL, which may mean an
// exception. Runs Python code as type_lookup does. Worth asking of instances of heap types only.
Value with_functions(Value manager, Value *leave);
int slow_with_enter(Frame *frame, Pc pc);
int slow_call_ex(Frame *frame, Pc pc);
int slow_raise(Frame *frame, Pc pc);
int slow_yield_from(Frame *frame, Pc pc,
                    Value *yielded); // 1: *yielded (as a register keeps it); 0 finished; -1
int slow_misc(Frame *frame, Pc pc);  // every rarely used instruction
Value load_name(Frame *frame, Value name);
int unbound_local(Frame *frame, uint32_t local);
int unbound_cell(Frame *frame, Value name, bool is_free);

// A native function with positional arguments only: of a bound one, `bound`, or by its definition
// (bound VALUE_NULL). As native_function_call, which says what is wrong with their number.
ALWAYS_INLINE Value call_native(const NativeDef *def, Value bound, Value self, const Value *args,
                                uint32_t count) {
    if (def->kind == NATIVE_ONE && LIKELY(count == 1))
        return def->call.one(self, args[0]);
    if (def->kind == NATIVE_NONE && LIKELY(count == 0))
        return def->call.none(self);
    // max < 0, any number, is the largest of unsigned numbers, and so is a count below min.
    if (def->kind == NATIVE_FIXED &&
        LIKELY(count - (uint32_t)def->min <= (uint32_t)(def->max - def->min)))
        return def->call.fixed(self, args, count);
    return value_is_null(bound) ? native_function_call(def, self, args, count, VALUE_NULL)
                                : native_bound_call(bound, args, count, VALUE_NULL);
}

// Register i as a new local reference: moved out of a temporary, copied from a local.
ALWAYS_INLINE Value take_operand(Frame *frame, bool temporary, uint32_t i) {
    Value v = frame->registers[i];
    if (temporary) {
        frame->registers[i] = VALUE_NULL;
        return value_may_be_counted(v) ? reg_to_local(v) : v;
    }
    return value_may_be_counted(v) ? ref_new_held(v) : v;
}
// For instructions outside the loop, whose operands may be any registers.
ALWAYS_INLINE void consume(Frame *frame, uint32_t i) {
    if (i >= frame_code(frame)->local_count)
        reg_empty_unless_number(&frame->registers[i]);
}
ALWAYS_INLINE Value take(Frame *frame, uint32_t i) {
    return take_operand(frame, i >= frame_code(frame)->local_count, i);
}

#endif
