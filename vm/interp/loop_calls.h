// SPDX-License-Identifier: MIT
//
// Part of the text of the interpreter's loop, which interp.c includes within the function: the
// instructions that call and return. Its invariants are those of interp.c.

// ---- calls ---------------------------------------------------------------------------
{
    TARGET(CALL)
    callee = (Frame *)&R[A];
    nargs = B;
call_prepared:
    f = callee->function;
    const Type *kind = value_type(f); // once: each look at an object's type is a load of its own
    if (LIKELY(kind == &function_type)) {
        Code *code;
    call_function:
        code = __atomic_load_n(&((Function *)value_object(f))->code, __ATOMIC_ACQUIRE);
        SAVE();
        if (UNLIKELY(!(code->flags & CODE_SIMPLE) || nargs != code->argument_count)) {
            if (bind_arguments(callee, code, nargs, VALUE_NULL, VALUE_NULL) < 0)
                goto error;
            nargs = code->local_count; // binding has filled the parameters, cleared the rest
        }
        if (UNLIKELY(frame_too_deep(thread, frame, callee, code)) &&
            frame_refuse(thread, callee, code, nargs))
            goto error;
        callee->previous_tagged = (uint64_t)frame | 1;
        callee->code_tagged = (uint64_t)code | 1;
        callee->info = ((frame->info >> 8) + 1) << 8 | 1;
        callee->object = VALUE_NULL;
        for (uint32_t i = nargs; i < code->local_count; i++)
            callee->registers[i] = VALUE_NULL;
        frame = callee;
        K = code->constants;
        pc = code->instructions;
        SAVE();
        thread->frame = frame;
        SAFEPOINT();
        DISPATCH();
    }
    if (kind == &method_descriptor_type || kind == &native_function_type) {
        const NativeDef *def;
        Value self, bound = f;
        const Value *args = callee->registers;
        uint32_t count = nargs;
        SAVE();
        REF_FORGET(result);
        if (kind == &native_function_type) {
            NativeFunction *native = (NativeFunction *)value_object(f);
            def = native->def;
            self = native->self;
        } else {
            MethodDescriptor *native = (MethodDescriptor *)value_object(f);
            def = native->def;
            if (UNLIKELY(count == 0 || !value_is_instance(args[0], native->owner)))
                goto call_generic; // says what is wrong
            self = args[0];
            args++;
            count--;
            bound = VALUE_NULL;
        }
        result = call_native(def, bound, self, args, count);
        goto call_native_done;
    }
    if (type_flags(kind) & TYPE_TYPE_SUBCLASS) {
        Type *type = (Type *)value_object(f);
        // A native type is called like a native function; super() is below.
        if (kind == &type_type && !(type_flags(type) & TYPE_HEAP) && type != &super_type) {
            if (type != &type_type || nargs != 1)
                goto call_native_type;
            result = value_from_object(value_type(callee->registers[0]));
            reg_keep(result);
            goto call_has_result;
        }
        uint64_t word = cache_load(pc);
        if (LIKELY(cache_is_entry(word))) {
            const CacheEntry *e = (const CacheEntry *)word;
            while (UNLIKELY(e && e->object != type))
                e = e->next;
            if (LIKELY(e && e->kind == ENTRY_INIT && compare_acquire(&type->version, e->version))) {
                // The new instance waits in register a (of the caller), below the frame of
                // __init__.
                Value init = e->value;
                Function *function = (Function *)value_object(init);
                Code *code = __atomic_load_n(&function->code, __ATOMIC_ACQUIRE);
                if (UNLIKELY(code->flags & CODE_MAKES_GENERATOR))
                    goto call_generic; // says that __init__ should return None
                SAVE();
                reg_retain_uncounted(init);
                Value instance = type_new_for_init(type, callee->registers, nargs);
                if (UNLIKELY(value_is_null(instance))) {
                    reg_drop(init);
                    goto error;
                }
                Value *base = (Value *)callee;
                memmove(base + FRAME_WORDS + 2, base + FRAME_WORDS, nargs * sizeof(Value));
                base[FRAME_FUNCTION] = VALUE_NULL;
                base[FRAME_WORDS] = VALUE_NULL; // the first argument, which has moved
                callee = (Frame *)(base + 1);
                callee->function = init;
                base[0] = reg_from_new(instance);
                reg_retain_held(base[0]);
                callee->registers[0] = base[0];
                reg_drop(f);
                nargs++;
                if (UNLIKELY(!(code->flags & CODE_SIMPLE) || nargs != code->argument_count)) {
                    if (bind_arguments(callee, code, nargs, VALUE_NULL, VALUE_NULL) < 0) {
                        reg_empty(&callee->function);
                        goto error;
                    }
                    nargs = code->local_count;
                }
                if (UNLIKELY(frame_too_deep(thread, frame, callee, code)) &&
                    frame_refuse(thread, callee, code, nargs)) {
                    reg_empty(&callee->function);
                    goto error;
                }
                callee->previous_tagged = (uint64_t)frame | 1;
                callee->code_tagged = (uint64_t)code | 1;
                callee->info = ((frame->info >> 8) + 1) << 8 | 1 | FRAME_INIT;
                callee->object = VALUE_NULL;
                for (uint32_t i = nargs; i < code->local_count; i++)
                    callee->registers[i] = VALUE_NULL;
                frame = callee;
                K = code->constants;
                pc = code->instructions;
                SAVE();
                thread->frame = frame;
                SAFEPOINT();
                DISPATCH();
            }
        }
#ifndef INTERP_TRACED
        // super().name: found by the type of the first argument, without an object in between.
        if (type == &super_type && nargs == 0 && FETCH_OP(pc + 2) == OP_LOAD_METHOD &&
            pc[2].b == C && IS_TEMPORARY(C)) {
            const CacheEntry *e = super_entry(frame, word);
            if (LIKELY(e != NULL)) {
                reg_empty(&callee->function);
                pc += 2;
                Value self = R[0];
                reg_retain_held(self);
                SET(A + FRAME_WORDS, self);
                reg_retain_uncounted(e->value);
                SET(A + FRAME_FUNCTION, e->value);
                NEXT(2);
            }
            cache_fill_super((Instruction *)pc, frame, NAME_OPERAND(pc[2].c));
        }
#endif
        cache_fill_init((Instruction *)pc, type);
    } else if (kind == &method_type &&
               value_is_exactly(((Method *)value_object(f))->function, &function_type)) {
        // Bound method: self goes below the arguments. (Arguments of anything but a frame to be
        // pushed have to stay in the caller's registers.)
        Method *method = (Method *)value_object(f);
        memmove(callee->registers + 1, callee->registers, nargs * sizeof(Value));
        reg_keep(method->self);
        callee->registers[0] = method->self;
        Value function = method->function;
        reg_retain_uncounted(function);
        callee->function = function;
        reg_drop(f);
        nargs++;
        goto call_prepared;
    }
call_generic:
    SAVE();
    // Who has just dropped what took the memory may now want it.
    if (HEAP_IS_TRACED && UNLIKELY(THREAD_IS_WANTED(thread)) && thread_safepoint_slow() < 0)
        goto error_in_window;
    REF_FORGET(result);
    result = SWITCH_RESULT(value_call(f, callee->registers, nargs, VALUE_NULL));
    goto call_native_done;
call_native_type:
    SAVE();
    if (HEAP_IS_TRACED && UNLIKELY(THREAD_IS_WANTED(thread)) && thread_safepoint_slow() < 0)
        goto error_in_window;
    REF_FORGET(result);
    result = SWITCH_RESULT(type_call_native(f, callee->registers, nargs));
    // zip() and its like: an iterator that nobody else has had.
    if (!REGISTERS_ARE_COUNTED && value_is_object(result) &&
        (Object *)TYPE_OF(value_object(result)) == value_object(f) &&
        ((const Type *)value_object(f))->next) {
        result = reg_from_new(result);
        goto call_has_result;
    }
call_native_done:
    if (UNLIKELY(value_is_null(result)))
        goto error_in_window;
    result = reg_take_local(result);
call_has_result:
    for (uint32_t i = 0; i < nargs; i++)
        reg_empty_unless_number(&callee->registers[i]);
    reg_empty(&callee->function);
    SET(C, result);
    NEXT(2);

error_in_window:
    // The window may reach beyond the caller's registers (self was put below the arguments).
    registers_clear(callee->registers, 0, nargs);
    goto error;

    TARGET(CALL_METHOD)
    callee = (Frame *)&R[A];
    nargs = B + 1u;
    f = callee->function;
    if (UNLIKELY(value_is_null(f))) {
        callee = (Frame *)&R[A + 1];
        nargs = B;
        goto call_prepared;
    }
    if (LIKELY(TYPE_OF(value_object(f)) == &function_type))
        goto call_function;
    if (TYPE_OF(value_object(f)) == &method_descriptor_type) {
        const NativeDef *def = ((MethodDescriptor *)value_object(f))->def;
        Value self = callee->registers[0];
        SAVE();
        REF_FORGET(result);
        result = call_native(def, VALUE_NULL, self, callee->registers + 1, nargs - 1);
        goto call_native_done;
    }
    goto call_prepared;

    TARGET(CALL_METHOD_KW)
    callee = (Frame *)&R[A];
    nargs = B + 1u;
    if (value_is_null(callee->function)) {
        callee = (Frame *)&R[A + 1];
        nargs = B;
    }
    goto call_keywords;
    TARGET(CALL_KW)
    callee = (Frame *)&R[A];
    nargs = B;
call_keywords:
    f = callee->function;
    SAVE();
    if (LIKELY(value_is_exactly(f, &function_type))) {
        Code *code = __atomic_load_n(&((Function *)value_object(f))->code, __ATOMIC_ACQUIRE);
        Value kwnames = callee->registers[nargs];
        callee->registers[nargs] = VALUE_NULL;
        int status = bind_arguments(callee, code, nargs, kwnames, VALUE_NULL);
        reg_drop(kwnames);
        if (UNLIKELY(status < 0))
            goto error;
        nargs = code->local_count;
        if (UNLIKELY(frame_too_deep(thread, frame, callee, code)) &&
            frame_refuse(thread, callee, code, nargs))
            goto error;
        callee->previous_tagged = (uint64_t)frame | 1;
        callee->code_tagged = (uint64_t)code | 1;
        callee->info = ((frame->info >> 8) + 1) << 8 | 1;
        callee->object = VALUE_NULL;
        frame = callee;
        K = code->constants;
        pc = code->instructions;
        SAVE();
        thread->frame = frame;
        SAFEPOINT();
        DISPATCH();
    }
    {
        Value kwnames = callee->registers[nargs];
        REF_FORGET(result);
        result = value_call(f, callee->registers, nargs - (uint32_t)tuple_length(kwnames), kwnames);
        result = SWITCH_RESULT(result);
        nargs++; // the names are released like an argument
        goto call_native_done;
    }
    TARGET(CALL_EX)
    f = R[A + FRAME_FUNCTION];
#ifndef INTERP_TRACED
    {
        // f(*args, **keywords) of a function or a method of one: without another loop.
        Value args = R[A + FRAME_WORDS];
        Value *keywords = B ? &R[A + FRAME_WORDS + 1] : NULL;
        if (B && (value_is_null(*keywords) || dict_length(*keywords) == 0))
            keywords = NULL;
    call_ex_tuple:
        if (LIKELY(value_is_exactly(f, &function_type) && value_is_exactly(args, &tuple_type)) &&
            !keywords) {
            int64_t count = tuple_length(args);
            callee = (Frame *)stack_top(thread);
            if (LIKELY(callee->registers + count < thread->stack_limit)) {
                reg_retain_uncounted(f);
                callee->function = f;
                for (int64_t i = 0; i < count; i++) {
                    Value argument = tuple_item(args, i);
                    reg_keep(argument);
                    callee->registers[i] = argument;
                }
                nargs = (uint32_t)count;
                goto call_operation;
            }
        }
        SAVE();
        if (value_is_exactly(args, &list_type)) {
            args = list_to_tuple(args);
            if (UNLIKELY(value_is_null(args)))
                goto error;
            SET(A + FRAME_WORDS, reg_from_local(args));
            goto call_ex_tuple;
        }
        if (LIKELY(value_is_exactly(args, &tuple_type))) {
            Value self = VALUE_NULL;
            if (value_is_exactly(f, &method_type)) {
                self = ((const Method *)value_object(f))->self;
                f = ((const Method *)value_object(f))->function;
            }
            callee = (Frame *)stack_top(thread);
            int status = value_is_exactly(f, &function_type)
                             ? interp_push_with_dict(callee, f, self, args, keywords)
                             : 0;
            if (UNLIKELY(status < 0))
                goto error;
            if (LIKELY(status > 0)) {
                thread->frame = callee;
                RELOAD();
                SAFEPOINT();
                DISPATCH();
            }
        }
    }
#endif
    SLOW(SWITCH_DONE(slow_call_ex(frame, pc)));
    NEXT(2);

    // ---- with statements -----------------------------------------------------------------
    // Where the methods are functions they run without another loop.
    TARGET(WITH_ENTER)
    {
#ifndef INTERP_TRACED
        Value manager = R[B], leave;
        SAVE();
        callee = (Frame *)stack_top(thread);
        f = value_has_flag(manager, TYPE_HEAP) && callee->registers + 1 < thread->stack_limit
                ? with_functions(manager, &leave)
                : VALUE_NULL;
        if (LIKELY(!value_is_null(f))) {
            callee->function = f = reg_take_local(f);
            reg_keep(manager);
            callee->registers[0] = manager;
            if (B != A && B != A + 1u)
                CONSUME(B);
            SET_LOCAL_REFERENCE(A, leave);
            nargs = 1;
            goto call_operation;
        }
        if (UNLIKELY(error_occurred()))
            goto error;
#endif
        SLOW(SWITCH_DONE(slow_with_enter(frame, pc)));
        NEXT(1);
    }
    TARGET(WITH_EXIT)
    {
#ifndef INTERP_TRACED
        Value leave = R[A];
        callee = (Frame *)stack_top(thread);
        if (LIKELY(value_is_exactly(leave, &method_type) &&
                   value_is_exactly(((Method *)value_object(leave))->function, &function_type) &&
                   callee->registers + 4 < thread->stack_limit)) {
            f = ((Method *)value_object(leave))->function;
            reg_retain_uncounted(f);
            callee->function = f;
            callee->registers[0] = ((Method *)value_object(leave))->self;
            reg_keep(callee->registers[0]);
            for (nargs = 1; nargs < 4; nargs++)
                callee->registers[nargs] = reg_new_static(VALUE_NONE);
            goto call_operation;
        }
#endif
        SLOW(SWITCH_DONE(slow_misc(frame, pc)));
        NEXT(1);
    }

#ifndef INTERP_TRACED
// A function and its arguments are in place for a frame above the running one, whose instruction
// goes on when it returns.
call_operation : {
    Code *code = __atomic_load_n(&((Function *)value_object(f))->code, __ATOMIC_ACQUIRE);
    SAVE();
    if (UNLIKELY(!(code->flags & CODE_SIMPLE) || nargs != code->argument_count)) {
        if (bind_arguments(callee, code, nargs, VALUE_NULL, VALUE_NULL) < 0) {
            reg_empty(&callee->function);
            goto error;
        }
        nargs = code->local_count;
    }
    if (UNLIKELY(frame_too_deep(thread, frame, callee, code)) &&
        frame_refuse(thread, callee, code, nargs)) {
        reg_empty(&callee->function);
        goto error;
    }
    callee->previous_tagged = (uint64_t)frame | 1;
    callee->code_tagged = (uint64_t)code | 1;
    callee->info = ((frame->info >> 8) + 1) << 8 | 1 | FRAME_OPERATION;
    callee->object = VALUE_NULL;
    for (uint32_t i = nargs; i < code->local_count; i++)
        callee->registers[i] = VALUE_NULL;
    frame = callee;
    K = code->constants;
    pc = code->instructions;
    SAVE();
    thread->frame = frame;
    SAFEPOINT();
    DISPATCH();
}
#endif
}

TARGET(RETURN_NONE)
result = reg_new_static(VALUE_NONE);
{
    uint32_t live = B;
    goto leave;

    TARGET(RETURN)
    result = R[A];
    R[A] = VALUE_NULL;
    live = B ? B : frame_code(frame)->register_count;
leave:
    TRACE_LEAVE(result);
    if (UNLIKELY(!value_is_null(frame->object)))
        frame_object_detach(frame);
#pragma GCC unroll 4 // many functions have few registers
    for (uint32_t i = 0; i < live; i++)
        reg_empty_unless_number(&R[i]);
}
// The frame's registers are empty; result is in a register's form.
{
    uint64_t info = frame->info;
    Frame *caller = frame_previous(frame);
    if (UNLIKELY(info & (FRAME_ENTRY | FRAME_GENERATOR | FRAME_INIT | FRAME_OPERATION))) {
        if (info & FRAME_OPERATION) {
            Value function = frame->function;
            frame->function = VALUE_NULL;
            thread->frame = caller;
            reg_release_uncounted(function);
            RELOAD();
        operation_done: // with result, in a register's form
            if (FETCH_OP(pc) == OP_CALL_EX) {
                reg_empty(&R[A + FRAME_WORDS]);
                if (B)
                    reg_empty(&R[A + FRAME_WORDS + 1]);
                reg_empty(&R[A + FRAME_FUNCTION]);
                SET(C, result);
                NEXT(2);
            }
            if (FETCH_OP(pc) == OP_WITH_ENTER) {
                SET(A + 1, result);
                NEXT(1);
            }
            if (FETCH_OP(pc) == OP_WITH_EXIT) {
                DROP(result);
                reg_empty(&R[A]);
                NEXT(1);
            }
            CONSUME_UNLESS_SET(C);
            CONSUME_UNLESS_SET(B);
            SET(A, result);
            NEXT(1);
        }
        if (info & FRAME_GENERATOR) {
            generator_pop_finish(thread, frame);
            if (info & FRAME_ENTRY)
                return reg_to_local(result);
            // FOR_ITER or YIELD_FROM pushed it in this loop: it is exhausted.
            RELOAD();
            TRACE_STOP(result);
            if (FETCH_OP(pc) == OP_YIELD_FROM) {
                reg_empty(&R[C]);
                reg_empty(&R[B]);
                SET(A, result);
            } else {
                reg_drop(result);
                reg_empty(&R[A]);
            }
            NEXT(1);
        }
        Value function = frame->function;
        frame->function = VALUE_NULL;
        thread->frame = caller;
        if (info & FRAME_INIT) {
            // The instance is in the word below the frame's header, a register of the caller.
            Value *holder = (Value *)frame - 1;
            if (UNLIKELY(!value_is_none(result))) {
                raise_type_error("__init__() should return None, not '%T'", result);
                reg_drop(result);
                reg_release_uncounted(function);
                RELOAD();
                goto error;
            }
            reg_release_static(result);
            result = *holder;
            *holder = VALUE_NULL;
            reg_release_uncounted(function);
        } else {
            reg_release_uncounted(function);
            return reg_to_local(result);
        }
    } else {
        Value function = frame->function;
        frame->function = VALUE_NULL;
        thread->frame = caller;
        reg_release_uncounted(function);
    }
    frame = caller;
    pc = frame_pc(caller);
    K = frame_code(caller)->constants;
    SET(C, result);
    NEXT(2);
}
