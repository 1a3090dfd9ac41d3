// SPDX-License-Identifier: MIT
//
// `_socket`: the module and its constants.
#include "vm/modules/socket_module.h"
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/un.h>
#include <linux/udp.h>

static const PosixConstant constants[] = {
#define N(name)                                                                                    \
    { #name, (int64_t)name }
    N(AF_APPLETALK),
    N(AF_ASH),
    N(AF_ATMPVC),
    N(AF_ATMSVC),
    N(AF_AX25),
    N(AF_BRIDGE),
    N(AF_DECnet),
    N(AF_ECONET),
    N(AF_INET),
    N(AF_INET6),
    N(AF_IPX),
    N(AF_IRDA),
    N(AF_KEY),
    N(AF_LLC),
    N(AF_NETBEUI),
    N(AF_NETLINK),
    N(AF_NETROM),
    N(AF_PACKET),
    N(AF_PPPOX),
    N(AF_ROSE),
    N(AF_ROUTE),
    N(AF_SECURITY),
    N(AF_SNA),
    N(AF_UNIX),
    N(AF_UNSPEC),
    N(AF_VSOCK),
    N(AF_WANPIPE),
    N(AF_X25),
    N(AI_ADDRCONFIG),
    N(AI_ALL),
    N(AI_CANONNAME),
    N(AI_NUMERICHOST),
    N(AI_NUMERICSERV),
    N(AI_PASSIVE),
    N(AI_V4MAPPED),
    N(EAI_ADDRFAMILY),
    N(EAI_AGAIN),
    N(EAI_BADFLAGS),
    N(EAI_FAIL),
    N(EAI_FAMILY),
    N(EAI_MEMORY),
    N(EAI_NODATA),
    N(EAI_NONAME),
    N(EAI_OVERFLOW),
    N(EAI_SERVICE),
    N(EAI_SOCKTYPE),
    N(EAI_SYSTEM),
    N(INADDR_ALLHOSTS_GROUP),
    N(INADDR_ANY),
    N(INADDR_BROADCAST),
    N(INADDR_LOOPBACK),
    N(INADDR_MAX_LOCAL_GROUP),
    N(INADDR_NONE),
    N(INADDR_UNSPEC_GROUP),
    N(IOCTL_VM_SOCKETS_GET_LOCAL_CID),
    N(IPPORT_RESERVED),
    N(IPPORT_USERRESERVED),
    N(IPPROTO_AH),
    N(IPPROTO_DSTOPTS),
    N(IPPROTO_EGP),
    N(IPPROTO_ESP),
    N(IPPROTO_FRAGMENT),
    N(IPPROTO_GRE),
    N(IPPROTO_HOPOPTS),
    N(IPPROTO_ICMP),
    N(IPPROTO_ICMPV6),
    N(IPPROTO_IDP),
    N(IPPROTO_IGMP),
    N(IPPROTO_IP),
    N(IPPROTO_IPIP),
    N(IPPROTO_IPV6),
    N(IPPROTO_MPTCP),
    N(IPPROTO_NONE),
    N(IPPROTO_PIM),
    N(IPPROTO_PUP),
    N(IPPROTO_RAW),
    N(IPPROTO_ROUTING),
    N(IPPROTO_RSVP),
    N(IPPROTO_SCTP),
    N(IPPROTO_TCP),
    N(IPPROTO_TP),
    N(IPPROTO_UDP),
    N(IPPROTO_UDPLITE),
    N(IPV6_CHECKSUM),
    N(IPV6_DONTFRAG),
    N(IPV6_DSTOPTS),
    N(IPV6_HOPLIMIT),
    N(IPV6_HOPOPTS),
    N(IPV6_JOIN_GROUP),
    N(IPV6_LEAVE_GROUP),
    N(IPV6_MULTICAST_HOPS),
    N(IPV6_MULTICAST_IF),
    N(IPV6_MULTICAST_LOOP),
    N(IPV6_NEXTHOP),
    N(IPV6_PATHMTU),
    N(IPV6_PKTINFO),
    N(IPV6_RECVDSTOPTS),
    N(IPV6_RECVHOPLIMIT),
    N(IPV6_RECVHOPOPTS),
    N(IPV6_RECVPATHMTU),
    N(IPV6_RECVPKTINFO),
    N(IPV6_RECVRTHDR),
    N(IPV6_RECVTCLASS),
    N(IPV6_RTHDR),
    N(IPV6_RTHDRDSTOPTS),
    N(IPV6_RTHDR_TYPE_0),
    N(IPV6_TCLASS),
    N(IPV6_UNICAST_HOPS),
    N(IPV6_V6ONLY),
    N(IP_ADD_MEMBERSHIP),
    N(IP_BIND_ADDRESS_NO_PORT),
    N(IP_DEFAULT_MULTICAST_LOOP),
    N(IP_DEFAULT_MULTICAST_TTL),
    N(IP_DROP_MEMBERSHIP),
    N(IP_HDRINCL),
    N(IP_MAX_MEMBERSHIPS),
    N(IP_MULTICAST_IF),
    N(IP_MULTICAST_LOOP),
    N(IP_MULTICAST_TTL),
    N(IP_OPTIONS),
    N(IP_RECVOPTS),
    N(IP_RECVRETOPTS),
    N(IP_RECVTOS),
    N(IP_RETOPTS),
    N(IP_TOS),
    N(IP_TRANSPARENT),
    N(IP_TTL),
    N(MSG_CMSG_CLOEXEC),
    N(MSG_CONFIRM),
    N(MSG_CTRUNC),
    N(MSG_DONTROUTE),
    N(MSG_DONTWAIT),
    N(MSG_EOR),
    N(MSG_ERRQUEUE),
    N(MSG_FASTOPEN),
    N(MSG_MORE),
    N(MSG_NOSIGNAL),
    N(MSG_OOB),
    N(MSG_PEEK),
    N(MSG_TRUNC),
    N(MSG_WAITALL),
    N(NETLINK_CRYPTO),
    N(NETLINK_DNRTMSG),
    N(NETLINK_FIREWALL),
    N(NETLINK_IP6_FW),
    N(NETLINK_NFLOG),
    N(NETLINK_ROUTE),
    N(NETLINK_USERSOCK),
    N(NETLINK_XFRM),
    N(NI_DGRAM),
    N(NI_MAXHOST),
    N(NI_MAXSERV),
    N(NI_NAMEREQD),
    N(NI_NOFQDN),
    N(NI_NUMERICHOST),
    N(NI_NUMERICSERV),
    N(PACKET_BROADCAST),
    N(PACKET_FASTROUTE),
    N(PACKET_HOST),
    N(PACKET_LOOPBACK),
    N(PACKET_MULTICAST),
    N(PACKET_OTHERHOST),
    N(PACKET_OUTGOING),
    N(PF_PACKET),
    N(SCM_CREDENTIALS),
    N(SCM_RIGHTS),
    N(SHUT_RD),
    N(SHUT_RDWR),
    N(SHUT_WR),
    N(SOCK_CLOEXEC),
    N(SOCK_DGRAM),
    N(SOCK_NONBLOCK),
    N(SOCK_RAW),
    N(SOCK_RDM),
    N(SOCK_SEQPACKET),
    N(SOCK_STREAM),
    N(SOL_IP),
    N(SOL_SOCKET),
    N(SOL_TCP),
    N(SOMAXCONN),
    N(SO_ACCEPTCONN),
    N(SO_BINDTODEVICE),
    N(SO_BROADCAST),
    N(SO_DEBUG),
    N(SO_DOMAIN),
    N(SO_DONTROUTE),
    N(SO_ERROR),
    N(SO_INCOMING_CPU),
    N(SO_KEEPALIVE),
    N(SO_LINGER),
    N(SO_MARK),
    N(SO_OOBINLINE),
    N(SO_PASSCRED),
    N(SO_PASSSEC),
    N(SO_PEERCRED),
    N(SO_PEERSEC),
    N(SO_PRIORITY),
    N(SO_PROTOCOL),
    N(SO_RCVBUF),
    N(SO_RCVLOWAT),
    N(SO_RCVTIMEO),
    N(SO_REUSEADDR),
    N(SO_REUSEPORT),
    N(SO_SNDBUF),
    N(SO_SNDLOWAT),
    N(SO_SNDTIMEO),
    N(SO_TYPE),
    N(SO_VM_SOCKETS_BUFFER_MAX_SIZE),
    N(SO_VM_SOCKETS_BUFFER_MIN_SIZE),
    N(SO_VM_SOCKETS_BUFFER_SIZE),
    N(TCP_CONGESTION),
    N(TCP_CORK),
    N(TCP_DEFER_ACCEPT),
    N(TCP_FASTOPEN),
    N(TCP_INFO),
    N(TCP_KEEPCNT),
    N(TCP_KEEPIDLE),
    N(TCP_KEEPINTVL),
    N(TCP_LINGER2),
    N(TCP_MAXSEG),
    N(TCP_NODELAY),
    N(TCP_NOTSENT_LOWAT),
    N(TCP_QUICKACK),
    N(TCP_SYNCNT),
    N(TCP_USER_TIMEOUT),
    N(TCP_WINDOW_CLAMP),
    N(VMADDR_CID_ANY),
    N(VMADDR_CID_HOST),
    N(VMADDR_PORT_ANY),
    N(VM_SOCKETS_INVALID_VERSION),
    {"SOL_UDP", 17},
    {"UDPLITE_RECV_CSCOV", 11},
    {"UDPLITE_SEND_CSCOV", 10},
#undef N
    {0}};

static Value make_error(const char *name) {
    Value text = str_from_cstr(name), module = str_from_cstr("socket"), dict = dict_new();
    Value bases = tuple_pack(1, value_from_object(&exception_OSError)), type = VALUE_NULL;
    if (!value_is_null(text) && !value_is_null(module) && !value_is_null(dict) &&
        !value_is_null(bases) && dict_set(dict, name___module__, module) == 0)
        type = type_create(&type_type, text, bases, dict, VALUE_NULL);
    ref_release(text);
    ref_release(module);
    ref_release(dict);
    ref_release(bases);
    return type;
}

static int add_functions(Value module) {
    const NativeDef *tables[] = {socket_functions, socket_name_functions, socket_message_functions};
    Value name = str_intern_cstr("_socket");
    int status = 0;
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (const NativeDef *def = tables[t]; status == 0 && def->name; def++)
            status = module_add(module, def->name, native_function_new(def, module, name));
    ref_release(name);
    return status;
}

static int fill(Value module) {
    socket_gaierror = make_error("gaierror");
    socket_herror = make_error("herror");
    if (value_is_null(socket_gaierror) || value_is_null(socket_herror))
        return -1;
    if (add_functions(module) < 0 || posix_add_constants(module, constants) < 0 ||
        module_add_type(module, &socket_type) < 0 ||
        module_add(module, "SocketType", ref_new(value_from_object(&socket_type))) < 0 ||
        module_add(module, "gaierror", ref_new(socket_gaierror)) < 0 ||
        module_add(module, "herror", ref_new(socket_herror)) < 0 ||
        module_add(module, "error", ref_new(value_from_object(&exception_OSError))) < 0 ||
        module_add(module, "timeout", ref_new(value_from_object(&exception_TimeoutError))) < 0)
        return -1;
    return module_add(module, "has_ipv6", bool_new(true));
}

const NativeModule module_socket = {"_socket", "Ends of network connections.", NULL, fill};
