// SPDX-License-Identifier: MIT
//
// A little memory kept back, so that a program that has used up all of it can still be told so.
// It is address space only: nobody touches its pages before they are given up.
#ifndef LOCKSMITH_GC_RESERVE_H
#define LOCKSMITH_GC_RESERVE_H

void reserve_start(void);   // once, at the start of the process
void reserve_release(void); // gives it up; any thread, any number of times

#endif
