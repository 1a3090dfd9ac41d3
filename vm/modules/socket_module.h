// SPDX-License-Identifier: MIT
//
// `_socket`: what its files share. The object and its calls that do not move data are in
// socket_object.c, those that do in socket_transfer.c and socket_messages.c, addresses in
// socket_address.c, names and numbers in socket_names.c.
#ifndef LOCKSMITH_VM_MODULES_SOCKET_MODULE_H
#define LOCKSMITH_VM_MODULES_SOCKET_MODULE_H

#include "vm/modules/posix.h"
#include <sys/socket.h>

// The kernel keeps what a descriptor stands for consistent; the words here are set on their own.
typedef struct {
    Object header;
    int fd;                     // -1: closed; atomic, relaxed: who closes takes it with an exchange
    int family, type, protocol; // written by __init__ only
    int64_t timeout;            // ns; 0 does not wait, TIMEOUT_NONE waits for ever; atomic, relaxed
} Socket;

extern Type socket_type;
extern const NativeDef socket_functions[], socket_name_functions[], socket_message_functions[];
extern Value socket_gaierror, socket_herror; // exception classes; set once by the module's fill

static inline Socket *socket_of(Value v) {
    return (Socket *)value_object(v);
}
static inline int socket_fd(const Socket *s) {
    return __atomic_load_n(&s->fd, __ATOMIC_RELAXED);
}
static inline int64_t socket_timeout(const Socket *s) {
    return __atomic_load_n(&s->timeout, __ATOMIC_RELAXED);
}

// One operation on a socket, called detached: the system call's result.
typedef ssize_t (*SocketOperation)(int fd, void *data);
// Calls it until it gives a result, as long as the deadline allows (timeout_deadline of the
// socket's timeout): waits where it would block, lets signals be handled. The result, or -1 with an
// exception.
ssize_t socket_call(Socket *s, bool writing, SocketOperation operation, void *data,
                    int64_t deadline);
// Until the descriptor is ready, detached, signals handled: 1; 0 the deadline is over; -1 with an
// exception.
int socket_wait(int fd, bool writing, int64_t deadline);
int64_t socket_deadline(const Socket *s);
// A socket object of a descriptor, which it owns (closed on failure).
Value socket_wrap(Type *type, int fd, int family, int kind, int protocol);

// ---- methods that are not in socket_object.c ----------------------------------------------------

Value socket_recv(Value self, const Value *args, size_t nargs);
Value socket_recv_into(Value self, const Value *args, size_t nargs, Value kwnames);
Value socket_recvfrom(Value self, const Value *args, size_t nargs);
Value socket_recvfrom_into(Value self, const Value *args, size_t nargs, Value kwnames);
Value socket_send(Value self, const Value *args, size_t nargs);
Value socket_sendall(Value self, const Value *args, size_t nargs);
Value socket_sendto(Value self, const Value *args, size_t nargs);
Value socket_recvmsg(Value self, const Value *args, size_t nargs);
Value socket_recvmsg_into(Value self, const Value *args, size_t nargs);
Value socket_sendmsg(Value self, const Value *args, size_t nargs);

// ---- addresses ---------------------------------------------------------------------------------

typedef struct {
    struct sockaddr_storage storage;
    socklen_t length;
} Address;
static inline struct sockaddr *address_raw(Address *a) {
    return (struct sockaddr *)&a->storage;
}

// What a program gives as an address of the socket's family; the function is named in messages.
int address_from_value(const char *function, const Socket *s, Value v, Address *out);
// A received address: what a program sees. None without one.
Value address_to_value(const Address *a);
Value address_host(const Address *a); // the IP address as text
// Resolves a host name (detached): first address of the family. 0, or -1 with gaierror.
int address_resolve(const char *host, int family, Address *out);
// A host name as bytes, new reference: str through IDNA, bytes and bytearray as they are.
Value address_host_bytes(Value v);
Value raise_gaierror(int code); // VALUE_NULL

#endif
