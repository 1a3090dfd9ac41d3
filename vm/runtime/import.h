// SPDX-License-Identifier: MIT
//
// Start-up and internals of importing; what everybody uses is in vm/types/module.h.
#ifndef LOCKSMITH_VM_RUNTIME_IMPORT_H
#define LOCKSMITH_VM_RUNTIME_IMPORT_H

#include "vm/types/function.h"
#include "vm/value.h"

extern int import_optimize_level; // 0, 1 (-O), 2 (-OO); set before anything is imported

void import_start(void); // makes sys.modules, builtins and sys; ends the process on failure
// Is that module of the package being imported, by any thread?
bool import_is_running(Value package, Value leaf);
// Around fork(), attached.
void import_before_fork(void);
void import_after_fork(bool child);
bool import_is_native(Value name);
// The native module of that name, made and put into sys.modules if it is not there. New reference;
// ImportError.
Value import_load_native(Value name);
// The module of that absolute name, imported if need be. New reference.
Value import_by_name(Value name);
// The part of a dotted name before the last dot, "" if there is none. New reference.
Value import_parent_name(Value name);
// A module's __spec__: an importlib.machinery.ModuleSpec if importlib is loaded, else an object
// with the same attributes. origin: None, a file, or 'built-in'; search: None or a list of folders.
// New reference.
Value import_make_spec(Value name, Value origin, Value parent, Value search);

// vm/runtime/import_hooks.c: what sys.meta_path and sys.path_hooks say.
void import_hooks_start(void); // fills sys.meta_path
// The module `name` made by the finders of sys.meta_path, if programs changed that; path: the
// parent's __path__ or None. 1: *module is set; 0: there are only our own finders, look natively;
// -1: an exception is set, or none and nobody knows the module (*module VALUE_NULL).
int import_by_finders(Value name, Value leaf, Value path, Value *module);
// The same for a path finder: do sys.path_hooks or the entries of path need more than folders? As
// above.
int import_by_path_hooks(Value name, Value path, Value *module);
// The module of a namespace package whose parts are in the folders of the list portions, made by
// the library's importlib, which finds parts that come later. New reference.
Value import_namespace_package(Value name, Value portions);
// importlib._bootstrap_external gets the magic number of this interpreter's compiled code. 0, -1.
int import_set_magic(Value bootstrap_external);
// Native steps of importing, for import_hooks.c: VALUE_NULL without an exception: no such module.
Value import_find_native(Value name);
Value import_find_file(Value name, Value leaf, Value path);
void import_importlib_loaded(void); // importlib has just been imported
void import_main_file_known(void);  // __file__ of __main__ has just been set: __loader__ follows
Value import_real_spec(Value name, Value origin,
                       Value search); // VALUE_NULL without an exception: not loaded yet
// vm/runtime/import_cache.c: the code of a module's source file, kept in a file beside it.
// SyntaxError, OSError.
Value import_module_code(const char *path, Value path_value);
// The code in a file of compiled code that has no source. ImportError, EOFError, ValueError.
Value import_compiled_code(const char *path, Value path_value, Value name);
// Where that is kept, as a str, or None.
Value import_cache_name(Value source);
#define IMPORT_CACHE_TAG "locksmith-311"   // sys.implementation.cache_tag
void import_cache_magic(uint8_t magic[4]); // what such files begin with
// Compiles a file (path_value is what tracebacks show). SyntaxError, OSError.
Value import_compile_file(const char *path, Value path_value, bool skip_first_line);

#endif
