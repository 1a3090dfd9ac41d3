// SPDX-License-Identifier: MIT
//
// The merge sort of list_sort.c for one kind of element and comparison; included once for each.
// The includer defines
//   SORT(name)     the name of a function of this instance
//   ELEMENT        what is sorted (copied freely)
//   LESS(a, b)     1 if *a < *b, 0 if not, -1 with an exception set
//   LESS_MAY_FAIL  0 if LESS never gives -1
//
// Natural merge sort with galloping merges (Tim Peters' listsort), whose merges follow the run
// powers of Munro and Wild, "Nearly-Optimal Mergesorts", ESA 2018 (powersort). Stable. Whenever a
// comparison fails, the elements are some permutation of what they were.

#define FAILED(status) (LESS_MAY_FAIL && UNLIKELY((status) < 0))

// Where `key` belongs in the sorted a[0..n): after those equal to it if `after`, else before. The
// search spreads out from `hint` in doubling steps, then bisects. -1: failed.
static int64_t SORT(gallop)(const ELEMENT *key, const ELEMENT *a, int64_t n, int64_t hint,
                            bool after) {
    // below(i): a[i] goes before the place sought.
#define BELOW(i, result)                                                                           \
    do {                                                                                           \
        int less_ = after ? LESS(key, &a[i]) : LESS(&a[i], key);                                   \
        if (FAILED(less_))                                                                         \
            return -1;                                                                             \
        (result) = after ? !less_ : less_;                                                         \
    } while (0)
    int64_t low, high; // a[low - 1] is below, a[high] is not
    bool below;
    BELOW(hint, below);
    int64_t step = 1;
    if (below) {
        low = hint + 1;
        high = n;
        while (low - 1 + step < n) {
            BELOW(low - 1 + step, below);
            if (!below) {
                high = low - 1 + step;
                break;
            }
            low += step;
            step = step < (INT64_MAX >> 2) ? step << 1 : step;
        }
    } else {
        low = 0;
        high = hint;
        while (high - step >= 0) {
            BELOW(high - step, below);
            if (below) {
                low = high - step + 1;
                break;
            }
            high -= step;
            step = step < (INT64_MAX >> 2) ? step << 1 : step;
        }
    }
    while (low < high) {
        int64_t middle = low + ((high - low) >> 1);
        BELOW(middle, below);
        if (below)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
#undef BELOW
}

// Sorts a[0..n), of which a[0..sorted) already is in order.
static int SORT(insertion)(ELEMENT *a, int64_t n, int64_t sorted) {
    for (int64_t i = sorted; i < n; i++) {
        ELEMENT x = a[i];
        int64_t low = 0, high = i;
        while (low < high) {
            int64_t middle = (low + high) >> 1;
            int less = LESS(&x, &a[middle]);
            if (FAILED(less))
                return -1;
            if (less)
                high = middle;
            else
                low = middle + 1;
        }
        for (int64_t k = i; k > low; k--)
            a[k] = a[k - 1];
        a[low] = x;
    }
    return 0;
}

// Length of the run that a begins with; a strictly falling one is turned round.
static int64_t SORT(count_run)(ELEMENT *a, int64_t n) {
    if (n < 2)
        return n;
    int64_t length = 2;
    int less = LESS(&a[1], &a[0]);
    if (FAILED(less))
        return -1;
    if (less) {
        for (; length < n; length++) {
            less = LESS(&a[length], &a[length - 1]);
            if (FAILED(less))
                return -1;
            if (!less)
                break;
        }
        for (int64_t i = 0, j = length - 1; i < j; i++, j--) {
            ELEMENT x = a[i];
            a[i] = a[j];
            a[j] = x;
        }
    } else {
        for (; length < n; length++) {
            less = LESS(&a[length], &a[length - 1]);
            if (FAILED(less))
                return -1;
            if (less)
                break;
        }
    }
    return length;
}

// Merges the neighbours a[0..na) and b[0..nb), na <= nb, through a copy of a. b[0] < a[0], and
// a[na - 1] is greater than all of b.
static int SORT(merge_low)(Sorter *s, ELEMENT *a, int64_t na, ELEMENT *b, int64_t nb) {
    ELEMENT *left = sorter_temporary(s, (size_t)na * sizeof(ELEMENT));
    if (!left)
        return -1;
    ELEMENT *out = a;
    int64_t threshold = s->gallop_from;
    int status = 0;
    memcpy(left, a, (size_t)na * sizeof(ELEMENT));
    *out++ = *b++;
    nb--;
    while (nb > 0 && na > 1) {
        int64_t left_wins = 0, right_wins = 0;
        // One by one, until a side wins often enough.
        do {
            int less = LESS(b, left);
            if (FAILED(less)) {
                status = -1;
                goto finish;
            }
            if (less) {
                *out++ = *b++;
                nb--;
                right_wins++;
                left_wins = 0;
            } else {
                *out++ = *left++;
                na--;
                left_wins++;
                right_wins = 0;
            }
            if (nb == 0 || na == 1)
                goto finish;
        } while (left_wins < threshold && right_wins < threshold);
        // In gallops, as long as they pay.
        threshold++;
        do {
            threshold -= threshold > 1;
            left_wins = SORT(gallop)(b, left, na, 0, true);
            if (FAILED(left_wins)) {
                status = -1;
                goto finish;
            }
            memcpy(out, left, (size_t)left_wins * sizeof(ELEMENT));
            out += left_wins;
            left += left_wins;
            na -= left_wins;
            if (na <= 1)
                goto finish;
            *out++ = *b++;
            if (--nb == 0)
                goto finish;
            right_wins = SORT(gallop)(left, b, nb, 0, false);
            if (FAILED(right_wins)) {
                status = -1;
                goto finish;
            }
            memmove(out, b, (size_t)right_wins * sizeof(ELEMENT));
            out += right_wins;
            b += right_wins;
            nb -= right_wins;
            if (nb == 0)
                goto finish;
            *out++ = *left++;
            if (--na == 1)
                goto finish;
        } while (left_wins >= GALLOP_FROM || right_wins >= GALLOP_FROM);
        threshold++;
    }
finish:
    s->gallop_from = threshold;
    if (status == 0 && na == 1 && nb > 0) { // the last of a goes behind all of b
        memmove(out, b, (size_t)nb * sizeof(ELEMENT));
        out[nb] = *left;
    } else {
        memcpy(out, left, (size_t)na * sizeof(ELEMENT));
    }
    return status;
}

// The same for na >= nb, through a copy of b, from the end.
static int SORT(merge_high)(Sorter *s, ELEMENT *a, int64_t na, ELEMENT *b, int64_t nb) {
    ELEMENT *right = sorter_temporary(s, (size_t)nb * sizeof(ELEMENT));
    if (!right)
        return -1;
    ELEMENT *out = b + nb; // one past the place to fill next
    int64_t threshold = s->gallop_from;
    int status = 0;
    memcpy(right, b, (size_t)nb * sizeof(ELEMENT));
    *--out = a[--na];
    while (na > 0 && nb > 1) {
        int64_t left_wins = 0, right_wins = 0;
        do {
            int less = LESS(&right[nb - 1], &a[na - 1]);
            if (FAILED(less)) {
                status = -1;
                goto finish;
            }
            if (less) {
                *--out = a[--na];
                left_wins++;
                right_wins = 0;
            } else {
                *--out = right[--nb];
                right_wins++;
                left_wins = 0;
            }
            if (na == 0 || nb == 1)
                goto finish;
        } while (left_wins < threshold && right_wins < threshold);
        threshold++;
        do {
            threshold -= threshold > 1;
            int64_t place = SORT(gallop)(&right[nb - 1], a, na, na - 1, true);
            if (FAILED(place)) {
                status = -1;
                goto finish;
            }
            left_wins = na - place;
            out -= left_wins;
            memmove(out, a + place, (size_t)left_wins * sizeof(ELEMENT));
            na = place;
            if (na == 0)
                goto finish;
            *--out = right[--nb];
            if (nb == 1)
                goto finish;
            place = SORT(gallop)(&a[na - 1], right, nb, nb - 1, false);
            if (FAILED(place)) {
                status = -1;
                goto finish;
            }
            right_wins = nb - place;
            out -= right_wins;
            memcpy(out, right + place, (size_t)right_wins * sizeof(ELEMENT));
            nb = place;
            if (nb <= 1)
                goto finish;
            *--out = a[--na];
            if (na == 0)
                goto finish;
        } while (left_wins >= GALLOP_FROM || right_wins >= GALLOP_FROM);
        threshold++;
    }
finish:
    s->gallop_from = threshold;
    if (status == 0 && nb == 1 && na > 0) { // the first of b goes before all of a
        out -= na;
        memmove(out, a, (size_t)na * sizeof(ELEMENT));
        *--out = right[0];
    } else {
        memcpy(out - nb, right, (size_t)nb * sizeof(ELEMENT));
    }
    return status;
}

// Merges the two topmost runs.
static int SORT(merge_top)(Sorter *s, ELEMENT *base) {
    thread_stop_point();
    SortRun *x = &s->runs[s->run_count - 2], *y = x + 1;
    ELEMENT *a = base + x->start, *b = base + y->start;
    int64_t na = x->length, nb = y->length;
    x->length = na + nb;
    s->run_count--;
    // What of a is already in place, and what of b.
    int64_t skip = SORT(gallop)(b, a, na, 0, true);
    if (FAILED(skip))
        return -1;
    a += skip;
    na -= skip;
    if (na == 0)
        return 0;
    nb = SORT(gallop)(&a[na - 1], b, nb, nb - 1, false);
    if (FAILED(nb))
        return -1;
    if (nb == 0)
        return 0;
    return na <= nb ? SORT(merge_low)(s, a, na, b, nb) : SORT(merge_high)(s, a, na, b, nb);
}

static int SORT(sort)(ELEMENT *a, int64_t n) {
    Sorter sorter = {.gallop_from = GALLOP_FROM}, *s = &sorter;
    int64_t least = sorter_least_run(n), position = 0;
    int status = 0;
    while (position < n) {
        thread_stop_point();
        int64_t length = SORT(count_run)(a + position, n - position);
        if (FAILED(length)) {
            status = -1;
            goto finish;
        }
        if (length < least) {
            int64_t wanted = n - position < least ? n - position : least;
            status = SORT(insertion)(a + position, wanted, length);
            if (FAILED(status))
                goto finish;
            length = wanted;
        }
        if (s->run_count) {
            SortRun *top = &s->runs[s->run_count - 1];
            int power = sorter_power(top->start, top->length, length, n);
            while (s->run_count > 1 && s->runs[s->run_count - 2].power > power)
                if ((status = SORT(merge_top)(s, a)) < 0)
                    goto finish;
            s->runs[s->run_count - 1].power = power;
        }
        s->runs[s->run_count++] = (SortRun){.start = position, .length = length};
        position += length;
    }
    while (s->run_count > 1)
        if ((status = SORT(merge_top)(s, a)) < 0)
            break;
finish:
    buffer_free(s->temporary);
    return status;
}

#undef FAILED
#undef SORT
#undef ELEMENT
#undef LESS
#undef LESS_MAY_FAIL
