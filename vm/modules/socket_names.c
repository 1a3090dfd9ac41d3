// SPDX-License-Identifier: MIT
//
// `_socket`: hosts, services, protocols, interfaces by name and number; byte orders.
#include "vm/modules/socket_module.h"
#include "vm/runtime/audit.h"
#include "vm/types/arguments.h"
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- hosts -------------------------------------------------------------------------------------

static Value socket_getaddrinfo(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("getaddrinfo", 0, 6, 2, "host", "port", "family", "type", "proto", "flags");
    struct addrinfo hints = {0}, *found = NULL;
    Value host = VALUE_NULL, port = VALUE_NULL, list = VALUE_NULL;
    if (int_argument(v[2], &hints.ai_family) < 0 || int_argument(v[3], &hints.ai_socktype) < 0 ||
        int_argument(v[4], &hints.ai_protocol) < 0 || int_argument(v[5], &hints.ai_flags) < 0)
        return VALUE_NULL;
    if (value_is_str(v[0])) {
        Value idna = str_from_cstr("idna");
        host = str_is_ascii(v[0])    ? bytes_new(str_data(v[0]), (size_t)str_length(v[0]))
               : value_is_null(idna) ? idna
                                     : value_call_method_cstr(v[0], "encode", &idna, 1);
        ref_release(idna);
        if (value_is_null(host))
            return VALUE_NULL;
    } else if (value_is_bytes(v[0])) {
        host = ref_new(v[0]);
    } else if (!value_is_none(v[0])) {
        return raise_type_error("getaddrinfo() argument 1 must be string or None");
    }
    if (value_is_any_int(v[1])) {
        Value text = value_str(v[1]);
        port = value_is_null(text) ? text : bytes_new(str_data(text), (size_t)str_length(text));
        ref_release(text);
    } else if (value_is_str(v[1])) {
        port = codec_encode(v[1], "utf-8", NULL);
    } else if (value_is_bytes(v[1])) {
        port = ref_new(v[1]);
    } else if (!value_is_none(v[1])) {
        raise_error(&exception_OSError, "Int or String expected");
    }
    if (error_occurred() ||
        audit("socket.getaddrinfo", 5, v[0], v[1], value_from_int(hints.ai_family),
              value_from_int(hints.ai_socktype), value_from_int(hints.ai_protocol)) < 0) {
        ref_release(host);
        ref_release(port);
        return VALUE_NULL;
    }
    const char *node = value_is_null(host) ? NULL : (const char *)bytes_data(host);
    const char *service = value_is_null(port) ? NULL : (const char *)bytes_data(port);
    thread_detach();
    int problem = getaddrinfo(node, service, &hints, &found);
    thread_attach();
    ref_release(host);
    ref_release(port);
    if (problem)
        return raise_gaierror(problem);
    list = list_new();
    for (struct addrinfo *a = found; a && !value_is_null(list); a = a->ai_next) {
        Address address = {.length = a->ai_addrlen};
        memcpy(&address.storage, a->ai_addr, a->ai_addrlen);
        Value item[5] = {value_from_int(a->ai_family), value_from_int(a->ai_socktype),
                         value_from_int(a->ai_protocol),
                         a->ai_canonname ? posix_decode(a->ai_canonname, false) : str_empty(),
                         address_to_value(&address)};
        if (list_append_owned(list, tuple_from_owned(item, 5)) < 0) {
            ref_release(list);
            list = VALUE_NULL;
        }
    }
    freeaddrinfo(found);
    return list;
}

static Value socket_getnameinfo(Value self, const Value *args, size_t nargs) {
    int flags, port;
    int64_t flow = 0, scope = 0;
    if (int_argument(args[1], &flags) < 0)
        return VALUE_NULL;
    Value v = args[0];
    if (!value_is_tuple(v))
        return raise_type_error("getnameinfo() argument 1 must be a tuple");
    int64_t n = tuple_length(v);
    if (n < 2 || n > 4 || !value_is_str(tuple_item(v, 0)))
        return raise_type_error("getnameinfo(): illegal sockaddr argument");
    if (int_argument(tuple_item(v, 1), &port) < 0 ||
        (n > 2 && value_to_i64(tuple_item(v, 2), &flow) < 0) ||
        (n > 3 && value_to_i64(tuple_item(v, 3), &scope) < 0))
        return VALUE_NULL;
    if (flow < 0 || flow > 0xfffff)
        return raise_error(&exception_OverflowError, "getnameinfo(): flowinfo must be 0-1048575.");
    if (audit("socket.getnameinfo", 1, v) < 0)
        return VALUE_NULL;
    Value host = address_host_bytes(tuple_item(v, 0));
    if (value_is_null(host))
        return VALUE_NULL;
    char service[32];
    snprintf(service, sizeof service, "%d", port);
    // Numbers only: a name would be looked up on the network.
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST}, *found = NULL;
    thread_detach();
    int problem = getaddrinfo((const char *)bytes_data(host), service, &hints, &found);
    thread_attach();
    ref_release(host);
    if (problem)
        return raise_gaierror(problem);
    char host_name[NI_MAXHOST], service_name[NI_MAXSERV];
    Value result = VALUE_NULL;
    if (found->ai_next) {
        raise_error(&exception_OSError, "sockaddr resolved to multiple addresses");
    } else if (found->ai_family == AF_INET && n != 2) {
        raise_error(&exception_OSError, "IPv4 sockaddr must be 2 tuple");
    } else {
        if (found->ai_family == AF_INET6) {
            struct sockaddr_in6 *a = (struct sockaddr_in6 *)found->ai_addr;
            a->sin6_flowinfo = htonl((uint32_t)flow);
            a->sin6_scope_id = (uint32_t)scope;
        }
        thread_detach();
        problem = getnameinfo(found->ai_addr, found->ai_addrlen, host_name, sizeof host_name,
                              service_name, sizeof service_name, flags);
        thread_attach();
        if (problem)
            raise_gaierror(problem);
        else
            result =
                tuple_pair_owned(posix_decode(host_name, false), posix_decode(service_name, false));
    }
    freeaddrinfo(found);
    return result;
}

static Value socket_gethostbyname(Value self, Value v) {
    Value host = address_host_bytes(v);
    Address address;
    if (value_is_null(host))
        return VALUE_NULL;
    int status = audit("socket.gethostbyname", 1, v);
    if (status == 0)
        status = address_resolve((const char *)bytes_data(host), AF_INET, &address);
    ref_release(host);
    return status < 0 ? VALUE_NULL : address_host(&address);
}

static Value raise_herror(int code) {
    Value text = str_from_cstr(hstrerror(code));
    Value e =
        value_is_null(text) ? text : value_call_two(socket_herror, value_from_int(code), text);
    ref_release(text);
    if (!value_is_null(e))
        raise_object(e);
    ref_release(e);
    return VALUE_NULL;
}
// (name, aliases, addresses)
static Value make_host(const struct hostent *h) {
    Value name = posix_decode(h->h_name, false), aliases = list_new(), addresses = list_new();
    bool whole = !value_is_null(name) && !value_is_null(aliases) && !value_is_null(addresses);
    for (char **a = h->h_aliases; whole && a && *a; a++)
        whole = list_append_owned(aliases, posix_decode(*a, false)) == 0;
    for (char **a = h->h_addr_list; whole && a && *a; a++) {
        char text[INET6_ADDRSTRLEN];
        whole = inet_ntop(h->h_addrtype, *a, text, sizeof text) &&
                list_append_owned(addresses, str_from_cstr(text)) == 0;
    }
    Value result = whole ? tuple_pack(3, name, aliases, addresses) : VALUE_NULL;
    ref_release(name);
    ref_release(aliases);
    ref_release(addresses);
    return result;
}
// By address; address NULL: by name.
static Value look_up_host(const char *name, const void *address, socklen_t length, int family) {
    for (size_t size = 8192;; size *= 2) {
        char *buffer = malloc(size);
        if (!buffer)
            return raise_memory_error();
        struct hostent entry, *found = NULL;
        int problem = 0;
        thread_detach();
        int status = address ? gethostbyaddr_r(address, length, family, &entry, buffer, size,
                                               &found, &problem)
                             : gethostbyname_r(name, &entry, buffer, size, &found, &problem);
        thread_attach();
        Value result = VALUE_NULL;
        bool again = status == ERANGE && size < (size_t)1 << 24;
        if (found)
            result = make_host(found);
        else if (!again)
            raise_herror(problem);
        free(buffer);
        if (!again)
            return result;
    }
}
static Value socket_gethostbyname_ex(Value self, Value v) {
    Value host = address_host_bytes(v);
    Address address;
    Value result = VALUE_NULL;
    if (value_is_null(host))
        return host;
    // Names that cannot be resolved are a gaierror, as for gethostbyname().
    if (audit("socket.gethostbyname", 1, v) == 0 &&
        address_resolve((const char *)bytes_data(host), AF_INET, &address) == 0)
        result = look_up_host((const char *)bytes_data(host), NULL, 0, AF_INET);
    ref_release(host);
    return result;
}
static Value socket_gethostbyaddr(Value self, Value v) {
    Value host = address_host_bytes(v);
    Address address;
    if (value_is_null(host))
        return host;
    int status = audit("socket.gethostbyaddr", 1, v);
    if (status == 0)
        status = address_resolve((const char *)bytes_data(host), AF_UNSPEC, &address);
    ref_release(host);
    if (status < 0)
        return VALUE_NULL;
    int family = address.storage.ss_family;
    if (family == AF_INET)
        return look_up_host(NULL, &((struct sockaddr_in *)&address.storage)->sin_addr,
                            sizeof(struct in_addr), family);
    if (family == AF_INET6)
        return look_up_host(NULL, &((struct sockaddr_in6 *)&address.storage)->sin6_addr,
                            sizeof(struct in6_addr), family);
    return raise_error(&exception_OSError, "unsupported address family");
}
static Value socket_gethostname(Value self) {
    char name[1024];
    if (audit("socket.gethostname", 0) < 0)
        return VALUE_NULL;
    if (gethostname(name, sizeof name - 1) < 0)
        return posix_status(-1);
    name[sizeof name - 1] = 0;
    return posix_decode(name, false);
}
static Value socket_sethostname(Value self, Value v) {
    BufferView view;
    Value name = value_is_str(v) ? posix_fs_encode(v) : ref_new(v);
    if (value_is_null(name) || buffer_view_get(name, &view, false) < 0) {
        ref_release(name);
        return VALUE_NULL;
    }
    int status = audit("socket.sethostname", 1, v);
    if (status < 0) {
        buffer_view_release(&view);
        ref_release(name);
        return VALUE_NULL;
    }
    status = sethostname(view.data, (size_t)view.length);
    int problem = errno;
    buffer_view_release(&view);
    ref_release(name);
    errno = problem;
    return posix_status(status);
}

// ---- services and protocols --------------------------------------------------------------------

static const char *text_argument(const char *function, int position, Value v, char **owned) {
    *owned = NULL;
    if (!value_is_str(v)) {
        raise_type_error("%s() argument %d must be str, not %G", function, position, v);
        return NULL;
    }
    size_t length;
    const char *text = str_utf8(v, &length, owned);
    if (text && strlen(text) != length) {
        raise_value_error("embedded null character");
        buffer_free(*owned);
        return NULL;
    }
    return text;
}
static Value look_up_service(const char *name, int port, const char *protocol) {
    char buffer[8192];
    struct servent entry, *found = NULL;
    thread_detach();
    if (name)
        getservbyname_r(name, protocol, &entry, buffer, sizeof buffer, &found);
    else
        getservbyport_r(htons((uint16_t)port), protocol, &entry, buffer, sizeof buffer, &found);
    thread_attach();
    if (!found)
        return raise_error(&exception_OSError,
                           name ? "service/proto not found" : "port/proto not found");
    return name ? value_from_int(ntohs((uint16_t)found->s_port))
                : posix_decode(found->s_name, false);
}
static Value socket_getservbyname(Value self, const Value *args, size_t nargs) {
    char *owned, *protocol_owned = NULL;
    const char *name = text_argument("getservbyname", 1, args[0], &owned), *protocol = NULL;
    if (!name)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    if ((nargs < 2 || (protocol = text_argument("getservbyname", 2, args[1], &protocol_owned))) &&
        audit("socket.getservbyname", 2, args[0], nargs < 2 ? VALUE_NONE : args[1]) == 0)
        result = look_up_service(name, 0, protocol);
    buffer_free(owned);
    buffer_free(protocol_owned);
    return result;
}
static Value socket_getservbyport(Value self, const Value *args, size_t nargs) {
    int port;
    char *owned = NULL;
    const char *protocol = NULL;
    if (int_format_argument(args[0], &port) < 0 ||
        (nargs > 1 && !(protocol = text_argument("getservbyport", 2, args[1], &owned))))
        return VALUE_NULL;
    Value result = VALUE_NULL;
    if (port < 0 || port > 0xffff)
        raise_error(&exception_OverflowError, "getservbyport: port must be 0-65535.");
    else if (audit("socket.getservbyport", 2, value_from_int(port),
                   nargs > 1 ? args[1] : VALUE_NONE) == 0)
        result = look_up_service(NULL, port, protocol);
    buffer_free(owned);
    return result;
}
static Value socket_getprotobyname(Value self, Value v) {
    char buffer[8192], *owned;
    struct protoent entry, *found = NULL;
    const char *name = text_argument("getprotobyname", 1, v, &owned);
    if (!name)
        return VALUE_NULL;
    thread_detach();
    getprotobyname_r(name, &entry, buffer, sizeof buffer, &found);
    thread_attach();
    buffer_free(owned);
    return found ? value_from_int(found->p_proto)
                 : raise_error(&exception_OSError, "protocol not found");
}

// ---- byte orders -------------------------------------------------------------------------------

static Value swap_short(const char *function, Value v) {
    int64_t n;
    Value number = value_index(v);
    if (value_is_null(number))
        return number;
    bool fits = int_to_i64(number, &n), negative = int_sign(number) < 0;
    ref_release(number);
    if (negative)
        return raise_error(&exception_OverflowError,
                           "%s: can't convert negative Python int to C 16-bit unsigned integer",
                           function);
    if (!fits || n > 0xffff)
        return raise_error(&exception_OverflowError,
                           "%s: Python int too large to convert to C 16-bit unsigned integer",
                           function);
    return value_from_int(htons((uint16_t)n));
}
static Value swap_long(Value v) {
    uint64_t n;
    if (!value_is_any_int(v))
        return raise_type_error("expected int, %T found", v);
    if (int_sign(v) < 0)
        return raise_error(&exception_OverflowError,
                           "can't convert negative value to unsigned int");
    if (!int_to_u64(v, &n) || n > UINT32_MAX)
        return raise_error(&exception_OverflowError, "int larger than 32 bits");
    return value_from_int(htonl((uint32_t)n));
}
static Value socket_htons(Value self, Value v) {
    return swap_short("htons", v);
}
static Value socket_ntohs(Value self, Value v) {
    return swap_short("ntohs", v);
}
static Value socket_htonl(Value self, Value v) {
    return swap_long(v);
}
static Value socket_ntohl(Value self, Value v) {
    return swap_long(v);
}

// ---- addresses as text -------------------------------------------------------------------------

static Value socket_inet_aton(Value self, Value v) {
    char *owned;
    struct in_addr address;
    const char *text = text_argument("inet_aton", 1, v, &owned);
    if (!text)
        return VALUE_NULL;
    int good = inet_aton(text, &address);
    buffer_free(owned);
    return good ? bytes_new(&address, sizeof address)
                : raise_error(&exception_OSError, "illegal IP address string passed to inet_aton");
}
static Value socket_inet_ntoa(Value self, Value v) {
    BufferView view;
    char text[INET_ADDRSTRLEN];
    if (buffer_view_get_brief(v, &view) < 0)
        return VALUE_NULL;
    bool good = view.length == sizeof(struct in_addr);
    if (good)
        inet_ntop(AF_INET, view.data, text, sizeof text);
    buffer_view_release(&view);
    return good ? str_from_cstr(text)
                : raise_error(&exception_OSError, "packed IP wrong length for inet_ntoa");
}
static Value socket_inet_pton(Value self, const Value *args, size_t nargs) {
    int family;
    char *owned;
    uint8_t address[sizeof(struct in6_addr)];
    if (int_format_argument(args[0], &family) < 0)
        return VALUE_NULL;
    const char *text = text_argument("inet_pton", 2, args[1], &owned);
    if (!text)
        return VALUE_NULL;
    int status = inet_pton(family, text, address), problem = errno;
    buffer_free(owned);
    if (status < 0)
        return raise_errno(problem);
    return status
               ? bytes_new(address, family == AF_INET ? 4 : 16)
               : raise_error(&exception_OSError, "illegal IP address string passed to inet_pton");
}
static Value socket_inet_ntop(Value self, const Value *args, size_t nargs) {
    int family;
    BufferView view;
    char text[INET6_ADDRSTRLEN];
    if (int_format_argument(args[0], &family) < 0 || buffer_view_get_brief(args[1], &view) < 0)
        return VALUE_NULL;
    Value result;
    if (family != AF_INET && family != AF_INET6)
        result = raise_value_error("unknown address family %d", family);
    else if (view.length != (family == AF_INET ? 4 : 16))
        result = raise_value_error("invalid length of packed IP address string");
    else
        result = inet_ntop(family, view.data, text, sizeof text) ? str_from_cstr(text)
                                                                 : posix_status(-1);
    buffer_view_release(&view);
    return result;
}

// ---- interfaces --------------------------------------------------------------------------------

static Value socket_if_nameindex(Value self) {
    thread_detach();
    struct if_nameindex *all = if_nameindex();
    thread_attach();
    if (!all)
        return posix_status(-1);
    Value list = list_new();
    for (struct if_nameindex *i = all; i->if_index && !value_is_null(list); i++) {
        Value pair = tuple_pair_owned(value_from_int(i->if_index), posix_decode(i->if_name, false));
        if (list_append_owned(list, pair) < 0) {
            ref_release(list);
            list = VALUE_NULL;
        }
    }
    if_freenameindex(all);
    return list;
}
static Value socket_if_nametoindex(Value self, Value v) {
    Value name = posix_fs_encode(v);
    if (value_is_null(name))
        return name;
    unsigned index = if_nametoindex((const char *)bytes_data(name));
    ref_release(name);
    return index ? value_from_int(index)
                 : raise_error(&exception_OSError, "no interface with this name");
}
static Value socket_if_indextoname(Value self, Value v) {
    Value number = value_index(v);
    uint64_t index;
    char name[IF_NAMESIZE];
    if (value_is_null(number))
        return number;
    bool negative = int_sign(number) < 0, fits = int_to_u64(number, &index);
    ref_release(number);
    if (negative)
        return raise_error(&exception_OverflowError,
                           "can't convert negative value to unsigned int");
    if (!fits || index > UINT32_MAX)
        return raise_error(&exception_OverflowError,
                           "Python int too large to convert to C unsigned long");
    return if_indextoname((unsigned)index, name) ? posix_decode(name, false) : posix_status(-1);
}

const NativeDef socket_name_functions[] = {
    DEF_VECTOR("getaddrinfo", socket_getaddrinfo,
               "getaddrinfo(host, port [, family, type, proto, flags])\n\n"
               "The addresses of a host: (family, type, proto, canonname, sockaddr)."),
    DEF_FIXED("getnameinfo", socket_getnameinfo, 2, 2,
              "getnameinfo(sockaddr, flags)\n\nThe (host, port) of an address."),
    DEF_ONE("gethostbyname", socket_gethostbyname,
            "gethostbyname(host)\n\nThe IPv4 address of a host."),
    DEF_ONE("gethostbyname_ex", socket_gethostbyname_ex,
            "gethostbyname_ex(host)\n\n(name, aliases, addresses) of a host."),
    DEF_ONE("gethostbyaddr", socket_gethostbyaddr,
            "gethostbyaddr(host)\n\n(name, aliases, addresses) of an address."),
    DEF_NONE("gethostname", socket_gethostname, "gethostname()\n\nThis machine's name."),
    DEF_ONE("sethostname", socket_sethostname, "sethostname(name)\n\nNames this machine."),
    DEF_FIXED("getservbyname", socket_getservbyname, 1, 2,
              "getservbyname(servicename[, protocolname])\n\nA service's port."),
    DEF_FIXED("getservbyport", socket_getservbyport, 1, 2,
              "getservbyport(port[, protocolname])\n\nThe service at a port."),
    DEF_ONE("getprotobyname", socket_getprotobyname,
            "getprotobyname(name)\n\nA protocol's number."),
    DEF_ONE("htons", socket_htons, "htons($module, x, /)\n--\n\n16 bits in network order."),
    DEF_ONE("ntohs", socket_ntohs, "ntohs($module, x, /)\n--\n\n16 bits in this machine's order."),
    DEF_ONE("htonl", socket_htonl, "htonl(integer)\n\n32 bits in network order."),
    DEF_ONE("ntohl", socket_ntohl, "ntohl(integer)\n\n32 bits in this machine's order."),
    DEF_ONE("inet_aton", socket_inet_aton, "inet_aton(string)\n\nThe bytes of an IPv4 address."),
    DEF_ONE("inet_ntoa", socket_inet_ntoa, "inet_ntoa(packed)\n\nThe text of an IPv4 address."),
    DEF_FIXED("inet_pton", socket_inet_pton, 2, 2,
              "inet_pton(af, ip)\n\nThe bytes of an IP address."),
    DEF_FIXED("inet_ntop", socket_inet_ntop, 2, 2,
              "inet_ntop(af, packed)\n\nThe text of an IP address."),
    DEF_NONE("if_nameindex", socket_if_nameindex,
             "if_nameindex()\n\n(index, name) of the network interfaces."),
    DEF_ONE("if_nametoindex", socket_if_nametoindex,
            "if_nametoindex(name)\n\nAn interface's index."),
    DEF_ONE("if_indextoname", socket_if_indextoname,
            "if_indextoname(index)\n\nAn interface's name."),
    DEF_END,
};
