// SPDX-License-Identifier: MIT
//
// Part of the text of the interpreter's loop, which interp.c includes within the function: the
// instructions for cells and names, attributes, and items. Its invariants are those of interp.c.

// ---- cells and names -----------------------------------------------------------------
TARGET(LOAD_CELL)
{
    Value v = cell_load_register(R[B]);
    if (UNLIKELY(value_is_null(v)))
        SLOW(unbound_cell(frame, tuple_item(frame_code(frame)->local_names, B), false));
    SET(A, v);
    NEXT(1);
}
TARGET(STORE_CELL)
{
    Cell *cell = (Cell *)value_object(R[A]);
    field_store(&cell->header, &cell->value, TAKE(B));
    NEXT(1);
}
TARGET(LOAD_FREE)
{
    Value v = cell_load_register(tuple_item(frame_function(frame)->closure, B));
    if (UNLIKELY(value_is_null(v)))
        SLOW(unbound_cell(frame, tuple_item(frame_code(frame)->free_names, B), true));
    SET(A, v);
    NEXT(1);
}
TARGET(STORE_FREE)
{
    Cell *cell = (Cell *)value_object(tuple_item(frame_function(frame)->closure, A));
    field_store(&cell->header, &cell->value, TAKE(B));
    NEXT(1);
}
TARGET(LOAD_CLOSURE)
{
    Value cell = tuple_item(frame_function(frame)->closure, B);
    reg_keep(cell);
    SET(A, cell);
    NEXT(1);
}
TARGET(LOAD_NAME)
{
    if (UNLIKELY(!value_is_null(R[0]))) {
        SAVE();
        Value v = load_name(frame, NAME_OPERAND(B));
        if (UNLIKELY(value_is_null(v)))
            goto error;
        SET_LOCAL_REFERENCE(A, v);
        NEXT(2);
    }
    goto L_LOAD_GLOBAL;
}
TARGET(LOAD_GLOBAL)
{
    uint64_t word = cache_load(pc);
    Function *f = frame_function(frame);
    if (LIKELY((word & CACHE_TAG_MASK) == CACHE_ENTRY_NUMBER)) {
        Value v = dict_entry_load(f->globals, (uint32_t)(word >> 32),
                                  (uint32_t)(word & 0xffffffffu) >> 3);
        if (LIKELY(!value_is_null(v))) {
            SET(A, v);
            NEXT(2);
        }
    } else if (cache_is_entry(word)) {
        const CacheEntry *e = (const CacheEntry *)word;
        if (LIKELY(global_entry_matches(e, f))) {
            reg_retain_uncounted(e->value);
            SET(A, e->value);
            NEXT(2);
        }
    }
    SAVE();
    Value v = cache_fill_load_global((Instruction *)pc, f, NAME_OPERAND(B));
    if (UNLIKELY(value_is_null(v)))
        goto error;
    SET_LOCAL_REFERENCE(A, v);
    NEXT(2);
}
TARGET(STORE_NAME)
if (UNLIKELY(!value_is_null(R[0]))) {
    SLOW(value_setitem(R[0], NAME_OPERAND(A), R[B]));
    CONSUME(B);
    NEXT(2);
}
// fall through
TARGET(STORE_GLOBAL)
{
    uint64_t word = cache_load(pc);
    Value globals = frame_function(frame)->globals;
    if (LIKELY((word & CACHE_TAG_MASK) == CACHE_ENTRY_NUMBER &&
               dict_entry_store(globals, (uint32_t)(word >> 32),
                                (uint32_t)(word & 0xffffffffu) >> 3, R[B]))) {
        CONSUME(B);
        NEXT(2);
    }
    Value name = NAME_OPERAND(A);
    SLOW(dict_set(globals, name, R[B]));
    uint32_t keys_version;
    int64_t entry = dict_entry_of(globals, name, &keys_version);
    if (entry >= 0 && entry < (1 << 28) && keys_version)
        cache_store_word((Instruction *)pc,
                         (uint64_t)keys_version << 32 | (uint64_t)entry << 3 | CACHE_ENTRY_NUMBER);
    CONSUME(B);
    NEXT(2);
}

// ---- attributes ----------------------------------------------------------------------
TARGET(LOAD_ATTR)
{
    Value v, object = R[B];
    Object *o = cache_header(object);
    uint64_t word = cache_load(pc);
    const CacheEntry *e = NULL;
    if (cache_is_entry(word)) {
        e = entry_find(word, o);
        if (LIKELY(e && e->kind == ENTRY_SLOT)) {
            v = slot_load_of_shape(o, e->word);
            if (LIKELY(!value_is_null(v)))
                goto load_attr_done;
        }
        word = 0;
    }
    if (LIKELY((word & CACHE_TAG_MASK) == CACHE_SLOT)) {
        v = slot_load(o, word);
        if (LIKELY(!value_is_null(v)))
            goto load_attr_done;
    } else if (e && e->kind != ENTRY_SLOT) {
        SAVE();
        switch (e->kind) {
        case ENTRY_OWNED:
            v = owned_entry_value(e);
            if (UNLIKELY(value_is_null(v)))
                goto load_attr_missed;
            goto load_attr_done;
        case ENTRY_IN_DICT:
            v = load_in_dict(e, object, NAME_OPERAND(C));
            if (UNLIKELY(value_is_null(v)) && !error_occurred())
                goto load_attr_missed;
            break;
        case ENTRY_CONSTANT:
            v = e->value;
            reg_keep(v);
            goto load_attr_done;
        case ENTRY_METHOD:
            v = value_is_exactly(e->value, &function_type) ? method_new(e->value, object)
                                                           : value_getattr(object, NAME_OPERAND(C));
            break;
        case ENTRY_PROPERTY:
            v = property_read(e->value, object);
            break;
        case ENTRY_MEMBER:
            v = descriptor_read_member(e->value, object);
            break;
        case ENTRY_TUPLE_ITEM:
            if (LIKELY(e->word < (uint64_t)tuple_length(object))) {
                v = tuple_item(object, (int64_t)e->word);
                reg_keep(v);
                goto load_attr_done;
            }
            v = value_getattr(object, NAME_OPERAND(C));
            break;
        default: // ENTRY_GETSET
            if (e->getset->borrow) {
                v = e->getset->borrow(object);
                reg_keep(v);
                goto load_attr_done;
            }
            v = e->getset->get(object);
            break;
        }
        if (UNLIKELY(value_is_null(v)))
            goto error;
        v = reg_take_local(v);
        goto load_attr_done;
    } else if ((word & CACHE_TAG_MASK) == CACHE_ENTRY_NUMBER && TYPE_OF(o) == &module_type) {
        v = dict_entry_load(((Module *)o)->dict, (uint32_t)(word >> 32),
                            (uint32_t)(word & 0xffffffffu) >> 3);
        if (LIKELY(!value_is_null(v)))
            goto load_attr_done;
    }
load_attr_missed:
    SAVE();
    v = cache_fill_load_attr((Instruction *)pc, object, NAME_OPERAND(C));
    if (UNLIKELY(value_is_null(v)))
        goto error;
    v = reg_take_local(v);
load_attr_done:
    CONSUME_UNLESS_SET(B);
    SET(A, v);
    NEXT(2);
}
TARGET(STORE_ATTR)
{
    Value object = R[A];
    if (LIKELY(value_is_object(object))) {
        Object *o = value_object(object);
        uint64_t word = cache_load(pc);
        if (cache_is_entry(word)) {
            const CacheEntry *e = entry_find(word, o);
            word = e ? e->word : 0;
            if (e && e->kind != ENTRY_SLOT && e->kind != ENTRY_TRANSITION) {
                SLOW(cache_store_by_entry(e, object, NAME_OPERAND(C), R[B]));
                CONSUME(B);
                CONSUME(A);
                NEXT(2);
            }
        }
        if (LIKELY((word & CACHE_TAG_MASK) == CACHE_SLOT)) {
            Value fresh = TAKE(B);
            SlotSwap swap = slot_swap(o, word, fresh);
            if (LIKELY(swap.done)) {
                DROP_FIELD(swap.old);
                CONSUME(A);
                NEXT(2);
            }
            SAVE();
            int status = cache_fill_store_attr((Instruction *)pc, object, NAME_OPERAND(C), fresh);
            ref_release(fresh);
            if (UNLIKELY(status < 0))
                goto error;
            CONSUME(A);
            NEXT(2);
        }
        if ((word & CACHE_TAG_MASK) == CACHE_TRANSITION) {
            if (in_own_init(frame, o, word)) {
                // A slot beyond those of the shape holds nothing.
                field_raw_store(&((Instance *)o)->slots[word >> 56], TAKE(B));
                object_set_shape_private(o, (uint32_t)(word >> 32) & SHAPE_ID_MAX);
                CONSUME(A);
                NEXT(2);
            }
            bool hit = false;
            Value fresh = ref_new(R[B]), old = VALUE_NULL;
            object_lock(o);
            if (LIKELY(shape_matches(o, word))) {
                old = field_swap_locked(&((Instance *)o)->slots[word >> 56], fresh);
                object_unlock_with_shape(o, (uint32_t)(word >> 32) & SHAPE_ID_MAX);
                hit = true;
            } else {
                object_unlock(o);
            }
            if (LIKELY(hit)) {
                DROP_FIELD(old);
                CONSUME(B);
                CONSUME(A);
                NEXT(2);
            }
            ref_release(fresh);
        }
        if ((word & CACHE_TAG_MASK) == CACHE_ENTRY_NUMBER && TYPE_OF(o) == &module_type) {
            SAVE();
            if (LIKELY(dict_entry_store(((Module *)o)->dict, (uint32_t)(word >> 32),
                                        (uint32_t)(word & 0xffffffffu) >> 3, R[B]))) {
                CONSUME(B);
                CONSUME(A);
                NEXT(2);
            }
        }
    }
    SLOW(cache_fill_store_attr((Instruction *)pc, object, NAME_OPERAND(C), R[B]));
    CONSUME(B);
    CONSUME(A);
    NEXT(2);
}
TARGET(LOAD_METHOD)
{
    Value object = R[B], v;
    bool self_needed;
    uint32_t base = A;
    Object *o = cache_header(object);
    uint64_t word = cache_load(pc);
    const CacheEntry *e;
    if (LIKELY(cache_is_entry(word)) && LIKELY((e = entry_find(word, o)) != NULL)) {
        CacheEntryKind kind = e->kind;
        Value dict = VALUE_NULL;
        if (UNLIKELY(kind == ENTRY_METHOD_BESIDE)) {
            SAVE();
            if (cache_holds_beside_dict(e, object, &dict))
                kind = ENTRY_METHOD;
        }
        if (LIKELY(kind == ENTRY_METHOD)) {
#ifndef INTERP_TRACED
            // Called at once: the variable keeps self, which needs no second reference, and the
            // definition of a native method is no object. Not for iterators: from a count of 1
            // they conclude that nobody steps them meanwhile, but what a step calls can find
            // the variable (f_locals).
            if (TYPE_OF(value_object(e->value)) == &method_descriptor_type && !IS_TEMPORARY(B) &&
                FETCH_OP(pc + 2) == OP_CALL_METHOD && LIKELY(value_is_null(dict)) &&
                !TYPE_OF(o)->next) {
                const NativeDef *def = ((MethodDescriptor *)value_object(e->value))->def;
                pc += 2;
                SAVE();
                uint32_t count = B;
                Value *args = &R[base + FRAME_WORDS + 1];
                REF_FORGET(result);
                result = call_native(def, VALUE_NULL, object, args, count);
                if (UNLIKELY(value_is_null(result)))
                    goto error;
                result = reg_take_local(result);
                for (uint32_t i = 0; i < count; i++)
                    reg_empty_unless_number(&args[i]);
                SET(C, result);
                NEXT(2);
            }
#endif
            if (!IS_TEMPORARY(B))
                reg_retain_held(object);
            else
                R[B] = VALUE_NULL;
            SET(base + FRAME_WORDS, object);
            reg_retain_uncounted(e->value);
            SET(base + FRAME_FUNCTION, e->value);
            if (UNLIKELY(!value_is_null(dict)))
                ref_release(dict); // last: the entry need not outlive what that may run
            NEXT(2);
        }
        if (kind == ENTRY_IN_DICT) {
            SAVE();
            v = find_in_dict(e, object, NAME_OPERAND(C), &self_needed);
            if (LIKELY(!value_is_null(v)))
                goto load_method_found;
            if (error_occurred())
                goto error;
            goto load_method_missed;
        }
        if (kind == ENTRY_OWNED || kind == ENTRY_CONSTANT) {
            v = owned_entry_value(e);
            if (UNLIKELY(value_is_null(v)))
                goto load_method_missed;
            CONSUME(B);
            reg_empty(&R[base + FRAME_FUNCTION]);
            SET(base + FRAME_FUNCTION + 1, v);
            NEXT(2);
        }
    } else if ((word & CACHE_TAG_MASK) == CACHE_ENTRY_NUMBER && TYPE_OF(o) == &module_type) {
        v = dict_entry_load(((Module *)o)->dict, (uint32_t)(word >> 32),
                            (uint32_t)(word & 0xffffffffu) >> 3);
        if (LIKELY(!value_is_null(v))) {
            CONSUME(B);
            reg_empty(&R[base + FRAME_FUNCTION]);
            SET(base + FRAME_FUNCTION + 1, v);
            NEXT(2);
        }
    }
load_method_missed:
    SAVE();
    v = cache_fill_load_method((Instruction *)pc, object, NAME_OPERAND(C), &self_needed);
    if (UNLIKELY(value_is_null(v)))
        goto error;
load_method_found:
    if (self_needed) {
        if (!IS_TEMPORARY(B))
            reg_retain_held(object);
        else
            R[B] = VALUE_NULL;
        SET(base + FRAME_WORDS, object);
        SET_LOCAL_REFERENCE(base + FRAME_FUNCTION, v);
    } else {
        CONSUME(B);
        reg_empty(&R[base + FRAME_FUNCTION]);
        SET_LOCAL_REFERENCE(base + FRAME_FUNCTION + 1, v);
    }
    NEXT(2);
}

// ---- items ---------------------------------------------------------------------------
TARGET(LOAD_ITEM)
{
    Value container = R[B], key = R[C], v;
    if (LIKELY(value_is_object(container))) {
        Type *type = TYPE_OF(value_object(container));
        if (type == &list_type && value_is_int(key)) {
            v = list_item_fast(container, value_int(key));
            if (LIKELY(!value_is_null(v)))
                goto load_item_done;
        } else if (type == &tuple_type && value_is_int(key)) {
            int64_t i = value_int(key), length = tuple_length(container);
            i += i < 0 ? length : 0;
            if (LIKELY((uint64_t)i < (uint64_t)length)) {
                v = tuple_item(container, i);
                reg_keep(v);
                goto load_item_done;
            }
        } else if (type == &dict_type) {
            SAVE();
            v = dict_get_register(container, key);
            if (LIKELY(!value_is_null(v))) {
                CONSUME_UNLESS_SET(C);
                goto load_item_done;
            }
            if (error_occurred())
                goto error;
        }
    }
    goto load_item_slow;
load_item_done: // the key is a number, or has been consumed
    CONSUME_UNLESS_SET(B);
    SET(A, v);
    NEXT(1);
}
TARGET(LOAD_ITEM_INT)
{
    Value container = R[B], v;
    int64_t i = IMMEDIATE_C;
    if (LIKELY(value_is_object(container))) {
        Type *type = TYPE_OF(value_object(container));
        if (type == &list_type) {
            v = list_item_fast(container, i);
            if (LIKELY(!value_is_null(v)))
                goto load_item_int_done;
        } else if (type == &tuple_type) {
            int64_t length = tuple_length(container);
            i += i < 0 ? length : 0;
            if (LIKELY((uint64_t)i < (uint64_t)length)) {
                v = tuple_item(container, i);
                reg_keep(v);
                goto load_item_int_done;
            }
        }
    }
    goto load_item_slow;
load_item_int_done:
    CONSUME_UNLESS_SET(B);
    SET(A, v);
    NEXT(1);
}
TARGET(LOAD_ITEM_CONST)
{
    Value container = R[B];
    if (LIKELY(value_is_exactly(container, &dict_type))) {
        SAVE();
        Value v = dict_get_register(container, K[C]);
        if (LIKELY(!value_is_null(v))) {
            CONSUME_UNLESS_SET(B);
            SET(A, v);
            NEXT(1);
        }
        if (error_occurred())
            goto error;
    }
    goto load_item_slow;
}
load_item_slow : {
    uint16_t op = FETCH_OP(pc);
    Value container = R[B], key = op == OP_LOAD_ITEM       ? R[C]
                                  : op == OP_LOAD_ITEM_INT ? value_from_int(IMMEDIATE_C)
                                                           : K[C];
#ifndef INTERP_TRACED
    if (value_is_object(container) && TYPE_OF(value_object(container))->getitem == slot_getitem) {
        // The function of a class, without another loop.
        SAVE();
        f = type_lookup(TYPE_OF(value_object(container)), name___getitem__);
        callee = (Frame *)stack_top(thread);
        if (LIKELY(value_is_exactly(f, &function_type) &&
                   callee->registers + 2 < thread->stack_limit)) {
            callee->function = f = reg_take_local(f);
            reg_keep(container);
            reg_keep(key);
            callee->registers[0] = container;
            callee->registers[1] = key;
            nargs = 2;
            goto call_operation;
        }
        ref_release(f);
    }
#endif
    SAVE();
    Value v = value_getitem(container, key);
    if (UNLIKELY(value_is_null(v)))
        goto error;
    CONSUME_UNLESS_SET(B);
    CONSUME_UNLESS_SET(C);
    SET_LOCAL_REFERENCE(A, v);
    NEXT(1);
}
TARGET(MATCH_LENGTH)
{
    Value subject = R[B];
    if (C == MATCH_SEQUENCE && value_is_exactly(subject, &tuple_type)) {
        SET(A, value_from_int(tuple_length(subject)));
        NEXT(1);
    }
    if (C == MATCH_SEQUENCE && value_is_exactly(subject, &list_type)) {
        SET(A, value_from_int(list_length(subject)));
        NEXT(1);
    }
    SLOW(slow_match_length(frame, pc));
    NEXT(1);
}
TARGET(DELETE_ITEM)
{
    Value container = R[A], key = R[B];
    SLOW(value_is_exactly(container, &dict_type) ? dict_delete(container, key)
                                                 : value_delitem(container, key));
    CONSUME(B);
    CONSUME(A);
    NEXT(1);
}
TARGET(STORE_ITEM)
{
    Value container = R[A], key = R[B];
    if (LIKELY(value_is_object(container))) {
        Type *type = TYPE_OF(value_object(container));
        if (type == &list_type && value_is_int(key)) {
            Value fresh = TAKE(C);
            Value old = list_swap_fast(list_of(container), value_int(key), fresh);
            if (LIKELY(!value_is_null(old))) {
                DROP_FIELD(old);
                CONSUME(A);
                NEXT(1);
            }
            ref_release(fresh);
            SAVE();
            raise_error(&exception_IndexError, "list assignment index out of range");
            goto error;
        }
        if (type == &dict_type) {
            SLOW(dict_set(container, key, R[C]));
            CONSUME(C);
            CONSUME(B);
            CONSUME(A);
            NEXT(1);
        }
    }
    SLOW(slow_store_item(frame, pc));
    NEXT(1);
}
