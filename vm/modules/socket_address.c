// SPDX-License-Identifier: MIT
//
// `_socket`: addresses, from what programs write to what the kernel wants and back.
#include "vm/modules/socket_module.h"
#include "vm/types/arguments.h"
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/if_packet.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <netdb.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/un.h>

Value socket_gaierror, socket_herror;

Value raise_gaierror(int code) {
    if (code == EAI_SYSTEM)
        return raise_errno(errno);
    Value text = str_from_cstr(gai_strerror(code));
    Value e =
        value_is_null(text) ? text : value_call_two(socket_gaierror, value_from_int(code), text);
    ref_release(text);
    if (!value_is_null(e))
        raise_object(e);
    ref_release(e);
    return VALUE_NULL;
}

// ---- hosts -------------------------------------------------------------------------------------

Value address_host_bytes(Value v) {
    Value bytes;
    if (value_is_str(v)) {
        if (str_is_ascii(v)) {
            bytes = bytes_new(str_data(v), (size_t)str_length(v));
        } else {
            Value idna = str_from_cstr("idna");
            bytes = value_is_null(idna) ? idna : value_call_method_cstr(v, "encode", &idna, 1);
            ref_release(idna);
            if (value_is_null(bytes)) {
                error_clear();
                return raise_type_error("encoding of hostname failed");
            }
        }
    } else if (value_is_bytes(v) || value_is_bytearray(v)) {
        bytes = bytes_from_object(v);
    } else {
        return raise_type_error("str, bytes or bytearray expected, not %T", v);
    }
    if (!value_is_null(bytes) && memchr(bytes_data(bytes), 0, (size_t)bytes_length(bytes))) {
        ref_release(bytes);
        return raise_type_error("host name must not contain null character");
    }
    return bytes;
}

int address_resolve(const char *host, int family, Address *out) {
    *out = (Address){0};
    struct sockaddr_in *v4 = (struct sockaddr_in *)&out->storage;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&out->storage;
    if (family != AF_INET6) {
        bool broadcast = strcmp(host, "255.255.255.255") == 0 || strcmp(host, "<broadcast>") == 0;
        if (broadcast || (family == AF_INET && !*host)) {
            *v4 =
                (struct sockaddr_in){.sin_family = AF_INET,
                                     .sin_addr.s_addr = broadcast ? INADDR_BROADCAST : INADDR_ANY};
            out->length = sizeof *v4;
            return 0;
        }
        if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
            v4->sin_family = AF_INET;
            out->length = sizeof *v4;
            return 0;
        }
    }
    if (family == AF_INET6) {
        if (!*host) {
            *v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_addr = in6addr_any};
            out->length = sizeof *v6;
            return 0;
        }
        if (!strchr(host, '%') && inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
            v6->sin6_family = AF_INET6;
            out->length = sizeof *v6;
            return 0;
        }
    }
    struct addrinfo hints = {.ai_family = family}, *found = NULL;
    thread_detach();
    int problem = getaddrinfo(host, NULL, &hints, &found);
    thread_attach();
    if (problem) {
        raise_gaierror(problem);
        return -1;
    }
    out->length = found->ai_addrlen < sizeof out->storage ? found->ai_addrlen
                                                          : (socklen_t)sizeof out->storage;
    memcpy(&out->storage, found->ai_addr, out->length);
    freeaddrinfo(found);
    return 0;
}

// The number of a port; what is out of range is said later.
static int port_number(const char *function, Value v, int *out) {
    if (int_argument(v, out) == 0)
        return 0;
    if (!error_matches(&exception_OverflowError))
        return -1;
    error_clear();
    return raise_int(&exception_OverflowError, "%s(): port must be 0-65535.", function);
}

// The (host, port) that an address tuple begins with, resolved.
static int resolve_pair(const char *function, Value v, int family, Address *out, uint16_t *port) {
    Value host = address_host_bytes(tuple_item(v, 0));
    if (value_is_null(host))
        return -1;
    int number, status = port_number(function, tuple_item(v, 1), &number);
    if (status == 0)
        status = address_resolve((const char *)bytes_data(host), family, out);
    ref_release(host);
    if (status == 0 && (number < 0 || number > 0xffff))
        status = raise_int(&exception_OverflowError, "%s(): port must be 0-65535.", function);
    if (status == 0)
        *port = htons((uint16_t)number);
    return status;
}

// ---- from a program ----------------------------------------------------------------------------

static int tuple_needed(const char *function, const char *family, Value v) {
    return value_is_tuple(v)
               ? 0
               : raise_int(&exception_TypeError, "%s(): %s address must be tuple, not %T", function,
                           family, v);
}
static int from_inet(const char *function, Value v, Address *out) {
    if (tuple_needed(function, "AF_INET", v) < 0)
        return -1;
    if (tuple_length(v) != 2)
        return raise_int(&exception_TypeError, "AF_INET address must be a pair (host, port)");
    return resolve_pair(function, v, AF_INET, out,
                        &((struct sockaddr_in *)&out->storage)->sin_port);
}
static int from_inet6(const char *function, Value v, Address *out) {
    int64_t flow = 0, scope = 0;
    if (tuple_needed(function, "AF_INET6", v) < 0)
        return -1;
    int64_t n = tuple_length(v);
    if (n < 2 || n > 4)
        return raise_int(&exception_TypeError, "AF_INET6 address must be a tuple (host, port[, "
                                               "flowinfo[, scopeid]])");
    if ((n > 2 && value_to_i64(tuple_item(v, 2), &flow) < 0) ||
        (n > 3 && value_to_i64(tuple_item(v, 3), &scope) < 0))
        return -1;
    if (flow < 0 || flow > 0xfffff)
        return raise_int(&exception_OverflowError, "%s(): flowinfo must be 0-1048575.", function);
    struct sockaddr_in6 *a = (struct sockaddr_in6 *)&out->storage;
    if (resolve_pair(function, v, AF_INET6, out, &a->sin6_port) < 0)
        return -1;
    a->sin6_flowinfo = htonl((uint32_t)flow);
    if (n > 3)
        a->sin6_scope_id = (uint32_t)scope;
    return 0;
}
static int from_unix(Value v, Address *out) {
    struct sockaddr_un *a = (struct sockaddr_un *)&out->storage;
    BufferView view;
    Value encoded = value_is_str(v) ? codec_encode(v, "utf-8", "surrogateescape") : ref_new(v);
    if (value_is_null(encoded) || buffer_view_get(encoded, &view, false) < 0) {
        ref_release(encoded);
        return -1;
    }
    size_t length = (size_t)view.length;
    int status = 0;
    a->sun_family = AF_UNIX;
    if (length == 0 || *(const char *)view.data == 0) {
        // an abstract name: all its bytes count, and for none the kernel finds one
        if (length > sizeof a->sun_path)
            status = raise_int(&exception_OSError, "AF_UNIX path too long");
        out->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    } else {
        if (length >= sizeof a->sun_path)
            status = raise_int(&exception_OSError, "AF_UNIX path too long");
        out->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
    }
    if (status == 0)
        memcpy(a->sun_path, view.data, length);
    buffer_view_release(&view);
    ref_release(encoded);
    return status;
}
// A pair of numbers, of which the second is below 2^32.
static int pair_of(const char *function, const char *family, const char *what, Value v, int64_t *a,
                   int64_t *b) {
    if (tuple_needed(function, family, v) < 0)
        return -1;
    if (tuple_length(v) != 2)
        return raise_int(&exception_TypeError, "%s address must be a pair (%s)", family, what);
    return value_to_i64(tuple_item(v, 0), a) < 0 || value_to_i64(tuple_item(v, 1), b) < 0 ? -1 : 0;
}
static int from_packet(const char *function, Value v, Address *out) {
    struct sockaddr_ll *a = (struct sockaddr_ll *)&out->storage;
    int protocol, kind = 0, hardware = 0;
    if (tuple_needed(function, "AF_PACKET", v) < 0)
        return -1;
    int64_t n = tuple_length(v);
    if (n < 2 || n > 5 || !value_is_str(tuple_item(v, 0)))
        return raise_int(&exception_TypeError, "AF_PACKET address must be a tuple of two to five "
                                               "elements");
    char *owned = NULL;
    const char *name = str_utf8(tuple_item(v, 0), NULL, &owned);
    if (!name)
        return -1;
    unsigned index = if_nametoindex(name);
    int problem = errno;
    buffer_free(owned);
    if (!index) {
        raise_errno(problem);
        return -1;
    }
    if (int_argument(tuple_item(v, 1), &protocol) < 0 ||
        (n > 2 && int_argument(tuple_item(v, 2), &kind) < 0) ||
        (n > 3 && int_argument(tuple_item(v, 3), &hardware) < 0))
        return -1;
    if (protocol < 0 || protocol > 0xffff)
        return raise_int(&exception_OverflowError, "%s(): proto must be 0-65535.", function);
    a->sll_family = AF_PACKET;
    a->sll_protocol = htons((uint16_t)protocol);
    a->sll_ifindex = (int)index;
    a->sll_pkttype = (unsigned char)kind;
    a->sll_hatype = (unsigned short)hardware;
    if (n > 4) {
        BufferView view;
        if (buffer_view_get(tuple_item(v, 4), &view, false) < 0)
            return -1;
        bool fits = (size_t)view.length <= sizeof a->sll_addr;
        if (fits) {
            memcpy(a->sll_addr, view.data, (size_t)view.length);
            a->sll_halen = (unsigned char)view.length;
        }
        buffer_view_release(&view);
        if (!fits)
            return raise_int(&exception_ValueError, "hardware address must be 8 bytes or less");
    }
    out->length = sizeof *a;
    return 0;
}

int address_from_value(const char *function, const Socket *s, Value v, Address *out) {
    *out = (Address){0};
    int64_t a, b;
    switch (s->family) {
    case AF_INET:
        return from_inet(function, v, out);
    case AF_INET6:
        return from_inet6(function, v, out);
    case AF_UNIX:
        return from_unix(v, out);
    case AF_NETLINK:
        if (pair_of(function, "AF_NETLINK", "pid, groups", v, &a, &b) < 0)
            return -1;
        *(struct sockaddr_nl *)&out->storage = (struct sockaddr_nl){
            .nl_family = AF_NETLINK, .nl_pid = (uint32_t)a, .nl_groups = (uint32_t)b};
        out->length = sizeof(struct sockaddr_nl);
        return 0;
    case AF_VSOCK:
        if (pair_of(function, "AF_VSOCK", "CID, port", v, &a, &b) < 0)
            return -1;
        *(struct sockaddr_vm *)&out->storage = (struct sockaddr_vm){
            .svm_family = AF_VSOCK, .svm_cid = (uint32_t)a, .svm_port = (uint32_t)b};
        out->length = sizeof(struct sockaddr_vm);
        return 0;
    case AF_PACKET:
        return from_packet(function, v, out);
    default:
        return raise_int(&exception_OSError, "%s(): bad family", function);
    }
}

// ---- to a program ------------------------------------------------------------------------------

Value address_host(const Address *a) {
    char text[INET6_ADDRSTRLEN];
    const void *ip = a->storage.ss_family == AF_INET
                         ? (const void *)&((const struct sockaddr_in *)&a->storage)->sin_addr
                         : (const void *)&((const struct sockaddr_in6 *)&a->storage)->sin6_addr;
    return inet_ntop(a->storage.ss_family, ip, text, sizeof text) ? str_from_cstr(text)
                                                                  : posix_status(-1);
}
static Value from_unix_path(const Address *a) {
    const struct sockaddr_un *u = (const struct sockaddr_un *)&a->storage;
    size_t start = offsetof(struct sockaddr_un, sun_path);
    size_t length = a->length > start ? a->length - start : 0;
    if (length && u->sun_path[0] == 0)
        return bytes_new(u->sun_path, length);
    char path[sizeof u->sun_path + 1];
    size_t shown = strnlen(u->sun_path, length < sizeof u->sun_path ? length : sizeof u->sun_path);
    memcpy(path, u->sun_path, shown);
    path[shown] = 0;
    return posix_decode(path, false);
}
static Value from_packet_address(const Address *a) {
    const struct sockaddr_ll *p = (const struct sockaddr_ll *)&a->storage;
    char name[IF_NAMESIZE] = "";
    if (p->sll_ifindex)
        if_indextoname((unsigned)p->sll_ifindex, name);
    size_t length = p->sll_halen < sizeof p->sll_addr ? p->sll_halen : sizeof p->sll_addr;
    Value v[5] = {posix_decode(name, false), value_from_int(ntohs(p->sll_protocol)),
                  value_from_int(p->sll_pkttype), value_from_int(p->sll_hatype),
                  bytes_new(p->sll_addr, length)};
    return tuple_from_owned(v, 5);
}

Value address_to_value(const Address *a) {
    if (a->length == 0)
        return none_new();
    switch (a->storage.ss_family) {
    case AF_INET: {
        Value v[2] = {address_host(a),
                      value_from_int(ntohs(((const struct sockaddr_in *)&a->storage)->sin_port))};
        return tuple_from_owned(v, 2);
    }
    case AF_INET6: {
        const struct sockaddr_in6 *i = (const struct sockaddr_in6 *)&a->storage;
        Value v[4] = {address_host(a), value_from_int(ntohs(i->sin6_port)),
                      value_from_int(ntohl(i->sin6_flowinfo)), value_from_int(i->sin6_scope_id)};
        return tuple_from_owned(v, 4);
    }
    case AF_UNIX:
        return from_unix_path(a);
    case AF_NETLINK: {
        const struct sockaddr_nl *n = (const struct sockaddr_nl *)&a->storage;
        return tuple_pack(2, value_from_int(n->nl_pid), value_from_int(n->nl_groups));
    }
    case AF_VSOCK: {
        const struct sockaddr_vm *m = (const struct sockaddr_vm *)&a->storage;
        return tuple_pack(2, value_from_int(m->svm_cid), value_from_int(m->svm_port));
    }
    case AF_PACKET:
        return from_packet_address(a);
    default: {
        size_t start = sizeof a->storage.ss_family;
        size_t length = a->length > start ? a->length - start : 0;
        Value v[2] = {value_from_int(a->storage.ss_family),
                      bytes_new((const char *)&a->storage + start, length)};
        return tuple_from_owned(v, 2);
    }
    }
}
