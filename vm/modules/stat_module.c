// SPDX-License-Identifier: MIT
//
// `_stat`: what a file's mode says, and the numbers that say it (stat(2), inode(7)).
#include "vm/modules/posix.h"
#include <limits.h>
#include <sys/stat.h>

// Types of files that Linux does not have: no mode is one of these.
enum { NO_SUCH_TYPE = 0 };

// 0 or -1.
static int mode_argument(Value v, unsigned *mode) {
    uint64_t wide = 0;
    if (!value_is_any_int(v)) {
        raise_type_error("an integer is required");
        return -1;
    }
    if (!int_to_u64(v, &wide) || wide > UINT_MAX) {
        raise_error(&exception_OverflowError, int_sign(v) < 0
                                                  ? "can't convert negative value to unsigned int"
                                                  : "mode out of range");
        return -1;
    }
    *mode = (unsigned)wide;
    return 0;
}

static Value has_type(Value v, unsigned type) {
    unsigned mode;
    if (mode_argument(v, &mode) < 0)
        return VALUE_NULL;
    return bool_new(type != NO_SUCH_TYPE && (mode & S_IFMT) == type);
}

#define TEST(name, type)                                                                           \
    static Value stat_##name(Value self, Value mode) {                                             \
        return has_type(mode, type);                                                               \
    }
TEST(is_folder, S_IFDIR)
TEST(is_character_device, S_IFCHR)
TEST(is_block_device, S_IFBLK)
TEST(is_file, S_IFREG)
TEST(is_pipe, S_IFIFO)
TEST(is_link, S_IFLNK)
TEST(is_socket, S_IFSOCK)
TEST(is_nothing, NO_SUCH_TYPE)
#undef TEST

static Value stat_permissions(Value self, Value v) {
    unsigned mode;
    return mode_argument(v, &mode) < 0 ? VALUE_NULL : value_from_int(mode & 07777);
}
static Value stat_type(Value self, Value v) {
    unsigned mode;
    return mode_argument(v, &mode) < 0 ? VALUE_NULL : value_from_int(mode & S_IFMT);
}

// As ls(1) writes it.
static Value stat_filemode(Value self, Value v) {
    unsigned mode;
    if (mode_argument(v, &mode) < 0)
        return VALUE_NULL;
    static const char types[16] = {
        [S_IFREG >> 12] = '-', [S_IFDIR >> 12] = 'd', [S_IFLNK >> 12] = 'l', [S_IFBLK >> 12] = 'b',
        [S_IFCHR >> 12] = 'c', [S_IFIFO >> 12] = 'p', [S_IFSOCK >> 12] = 's'};
    static const struct {
        unsigned bit;
        char with, without; // what stands for execution where the bit is set
    } special[] = {{S_ISUID, 's', 'S'}, {S_ISGID, 's', 'S'}, {S_ISVTX, 't', 'T'}};
    char text[11], type = types[(mode & S_IFMT) >> 12];
    text[0] = type ? type : '?';
    for (int who = 0; who < 3; who++) {
        unsigned bits = mode >> (6 - 3 * who);
        char *out = text + 1 + 3 * who;
        out[0] = bits & 4 ? 'r' : '-';
        out[1] = bits & 2 ? 'w' : '-';
        out[2] = bits & 1 ? 'x' : '-';
        if (mode & special[who].bit)
            out[2] = bits & 1 ? special[who].with : special[who].without;
    }
    text[10] = 0;
    return str_from_cstr(text);
}

static const NativeDef stat_functions[] = {
    DEF_ONE("S_ISDIR", stat_is_folder, "Whether the mode is a folder's."),
    DEF_ONE("S_ISCHR", stat_is_character_device, "Whether the mode is a character device's."),
    DEF_ONE("S_ISBLK", stat_is_block_device, "Whether the mode is a block device's."),
    DEF_ONE("S_ISREG", stat_is_file, "Whether the mode is a regular file's."),
    DEF_ONE("S_ISFIFO", stat_is_pipe, "Whether the mode is a named pipe's."),
    DEF_ONE("S_ISLNK", stat_is_link, "Whether the mode is a symbolic link's."),
    DEF_ONE("S_ISSOCK", stat_is_socket, "Whether the mode is a socket's."),
    DEF_ONE("S_ISDOOR", stat_is_nothing, "Whether the mode is a door's: there are none here."),
    DEF_ONE("S_ISPORT", stat_is_nothing, "Whether the mode is an event port's: none here."),
    DEF_ONE("S_ISWHT", stat_is_nothing, "Whether the mode is a whiteout's: there are none here."),
    DEF_ONE("S_IMODE", stat_permissions, "The bits of the mode that can be set with chmod."),
    DEF_ONE("S_IFMT", stat_type, "The bits of the mode that say what kind of file it is."),
    DEF_ONE("filemode", stat_filemode, "The mode as a text like '-rwxr-xr-x'."),
    DEF_END,
};

static int stat_module_fill(Value module) {
    static const PosixConstant constants[] = {
        {"S_IFDIR", S_IFDIR},
        {"S_IFCHR", S_IFCHR},
        {"S_IFBLK", S_IFBLK},
        {"S_IFREG", S_IFREG},
        {"S_IFIFO", S_IFIFO},
        {"S_IFLNK", S_IFLNK},
        {"S_IFSOCK", S_IFSOCK},
        {"S_IFDOOR", NO_SUCH_TYPE},
        {"S_IFPORT", NO_SUCH_TYPE},
        {"S_IFWHT", NO_SUCH_TYPE},
        {"S_ISUID", S_ISUID},
        {"S_ISGID", S_ISGID},
        {"S_ISVTX", S_ISVTX},
        {"S_ENFMT", S_ISGID},
        {"S_IREAD", S_IRUSR},
        {"S_IWRITE", S_IWUSR},
        {"S_IEXEC", S_IXUSR},
        {"S_IRWXU", S_IRWXU},
        {"S_IRUSR", S_IRUSR},
        {"S_IWUSR", S_IWUSR},
        {"S_IXUSR", S_IXUSR},
        {"S_IRWXG", S_IRWXG},
        {"S_IRGRP", S_IRGRP},
        {"S_IWGRP", S_IWGRP},
        {"S_IXGRP", S_IXGRP},
        {"S_IRWXO", S_IRWXO},
        {"S_IROTH", S_IROTH},
        {"S_IWOTH", S_IWOTH},
        {"S_IXOTH", S_IXOTH},
        // Flags of BSD, by the numbers of its chflags(2).
        {"UF_NODUMP", 0x1},
        {"UF_IMMUTABLE", 0x2},
        {"UF_APPEND", 0x4},
        {"UF_OPAQUE", 0x8},
        {"UF_NOUNLINK", 0x10},
        {"UF_COMPRESSED", 0x20},
        {"UF_HIDDEN", 0x8000},
        {"SF_ARCHIVED", 0x10000},
        {"SF_IMMUTABLE", 0x20000},
        {"SF_APPEND", 0x40000},
        {"SF_NOUNLINK", 0x100000},
        {"SF_SNAPSHOT", 0x200000},
        // Where things are in the tuple that os.stat() gives.
        {"ST_MODE", 0},
        {"ST_INO", 1},
        {"ST_DEV", 2},
        {"ST_NLINK", 3},
        {"ST_UID", 4},
        {"ST_GID", 5},
        {"ST_SIZE", 6},
        {"ST_ATIME", 7},
        {"ST_MTIME", 8},
        {"ST_CTIME", 9},
        {NULL, 0},
    };
    return posix_add_constants(module, constants);
}

const NativeModule module_stat = {
    .name = "_stat",
    .doc = "What the mode of a file says.",
    .functions = stat_functions,
    .fill = stat_module_fill,
};
