#include "gateway/http/listener.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <QHostAddress>
#include <QtEnvironmentVariables>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

using namespace Qt::StringLiterals;

namespace delta::http {

namespace {

constexpr int backlog = 4'096;
constexpr int firstInherited = 3; // SD_LISTEN_FDS_START

enum class Sharing {
    No,
    AmongThreads, ///< SO_REUSEPORT
};

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

using Resolved = std::expected<SocketAddress, QString>;
using Opened = std::expected<FileDescriptor, int>; // The error is an errno.

QString textOf(const ListenAddress &address)
{
    const QString host = QString::fromUtf8(address.host);
    return (host.contains(u':') ? u"[%1]:%2"_s : u"%1:%2"_s).arg(host).arg(address.port);
}

Resolved resolve(const ListenAddress &address)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        | (address.host == "localhost" ? 0 : AI_NUMERICHOST);
    addrinfo *found = nullptr;
    const QByteArray port = QByteArray::number(address.port);
    const int error = ::getaddrinfo(address.host.isEmpty() ? nullptr : address.host.constData(),
                                    port.constData(), &hints, &found);
    if (error != 0) {
        return std::unexpected(u"'%1' is not an IP address of this machine: %2."_s.arg(
            QString::fromUtf8(address.host), QString::fromLocal8Bit(::gai_strerror(error))));
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
    SocketAddress result;
    std::memcpy(&result.storage, found->ai_addr, found->ai_addrlen);
    result.size = found->ai_addrlen;
    return result;
}

/// "Every address" means IPv6 with IPv4 mapped into it, where the machine has IPv6.
SocketAddress anyAddress(quint16 port)
{
    sockaddr_in6 any{};
    any.sin6_family = AF_INET6;
    any.sin6_port = htons(port);
    SocketAddress result;
    std::memcpy(&result.storage, &any, sizeof any);
    result.size = sizeof any;
    return result;
}

bool hasIpv6()
{
    return FileDescriptor(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)).isOpen();
}

Opened bindSocket(const SocketAddress &address, Sharing sharing)
{
    const int family = address.storage.ss_family;
    FileDescriptor fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    const int off = 0;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (family == AF_INET6) {
        ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    if (sharing == Sharing::AmongThreads) {
        ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    }
    const auto *bytes = reinterpret_cast<const sockaddr *>(&address.storage);
    if (::bind(fd.get(), bytes, address.size) != 0) {
        return std::unexpected(errno);
    }
    return fd;
}

Opened openListener(const SocketAddress &address)
{
    Opened opened = bindSocket(address, Sharing::AmongThreads);
    if (opened && ::listen(opened->get(), backlog) != 0) {
        return std::unexpected(errno);
    }
    return opened;
}

QString bindProblem(const ListenAddress &address, int error)
{
    switch (error) {
    case EADDRINUSE:
        return u"cannot listen on %1: another program has the port. Find it with 'ss -ltnp sport = :%2'."_s
            .arg(textOf(address))
            .arg(address.port);
    case EACCES:
        return u"cannot listen on %1: ports below 1024 need the capability CAP_NET_BIND_SERVICE."_s
            .arg(textOf(address));
    case EADDRNOTAVAIL:
        return u"cannot listen on %1: this machine has no such address."_s.arg(textOf(address));
    default:
        return u"cannot listen on %1: %2"_s.arg(textOf(address), qt_error_string(error));
    }
}

void setPort(SocketAddress &address, quint16 port)
{
    // The port lies at the same place in sockaddr_in and sockaddr_in6.
    auto *v4 = reinterpret_cast<sockaddr_in *>(&address.storage);
    v4->sin_port = htons(port);
}

bool isListening(int fd)
{
    int value = 0;
    socklen_t size = sizeof value;
    return ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 && value != 0;
}

/// Reads LISTEN_FDS if LISTEN_PID means us, and hides both from child processes.
int takeInheritedCount()
{
    const bool isForUs = qEnvironmentVariableIntValue("LISTEN_PID") == ::getpid();
    const int count = qEnvironmentVariableIntValue("LISTEN_FDS");
    qunsetenv("LISTEN_PID");
    qunsetenv("LISTEN_FDS");
    qunsetenv("LISTEN_FDNAMES");
    return isForUs ? count : 0;
}

} // namespace

std::expected<ListenAddress, QString> parseListenAddress(QByteArrayView text)
{
    const qsizetype colon = text.lastIndexOf(':');
    bool isNumber = false;
    const ushort port = colon < 0 ? ushort(0) : text.sliced(colon + 1).toUShort(&isNumber);
    if (!isNumber) {
        return std::unexpected(
            u"'%1' is not ADDRESS:PORT, e.g. 127.0.0.1:4000, [::1]:4000 or :4000"_s.arg(
                QString::fromUtf8(text)));
    }
    QByteArrayView host = text.first(colon);
    const bool isBracketed = host.startsWith('[') && host.endsWith(']');
    if (host.contains(':') && !isBracketed) {
        return std::unexpected(u"put the IPv6 address of '%1' into brackets, e.g. [::1]:4000"_s.arg(
            QString::fromUtf8(text)));
    }
    if (isBracketed) {
        host = host.sliced(1, host.size() - 2);
    }
    return ListenAddress{host.toByteArray(), port};
}

std::expected<std::vector<Listener>, QString> openListeners(const ListenAddress &address, int count)
{
    const bool isAny = address.host.isEmpty() && hasIpv6();
    Resolved resolved = isAny ? Resolved(anyAddress(address.port)) : resolve(address);
    if (!resolved) {
        return std::unexpected(resolved.error());
    }
    if (address.port != 0) {
        // Only a socket without SO_REUSEPORT notices that another process uses the port with it.
        if (const Opened probe = bindSocket(*resolved, Sharing::No); !probe) {
            return std::unexpected(bindProblem(address, probe.error()));
        }
    }
    std::vector<Listener> listeners;
    for (int index = 0; index < count; ++index) {
        Opened opened = openListener(*resolved);
        if (!opened) {
            return std::unexpected(bindProblem(address, opened.error()));
        }
        listeners.push_back({std::move(*opened), Listener::Origin::Own});
        setPort(*resolved,
                portOf(listeners.front())); // The others follow the first one's free port.
    }
    return listeners;
}

std::expected<std::vector<Listener>, QString> inheritListeners(int count)
{
    std::vector<Listener> listeners;
    const int passed = takeInheritedCount();
    for (int fd = firstInherited; fd < firstInherited + passed; ++fd) {
        const FileDescriptor original(fd);
        if (!isListening(fd)) {
            return std::unexpected(
                u"descriptor %1 from the service manager is not a listening socket"_s.arg(fd));
        }
        ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
        for (int index = 0; index < count; ++index) {
            FileDescriptor copy(::fcntl(fd, F_DUPFD_CLOEXEC, firstInherited));
            if (!copy.isOpen()) {
                return std::unexpected(
                    u"cannot duplicate a listening socket: %1"_s.arg(qt_error_string(errno)));
            }
            listeners.push_back({std::move(copy), Listener::Origin::Inherited});
        }
    }
    return listeners;
}

ListenAddress addressOf(const Listener &listener)
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto *address = reinterpret_cast<sockaddr *>(&storage);
    const bool isKnown = ::getsockname(listener.fd.get(), address, &size) == 0;
    if (!isKnown || (storage.ss_family != AF_INET && storage.ss_family != AF_INET6)) {
        return {};
    }
    const QHostAddress host(address);
    const bool isEvery = host == QHostAddress(QHostAddress::AnyIPv4)
        || host == QHostAddress(QHostAddress::AnyIPv6);
    return {isEvery ? QByteArray() : host.toString().toLatin1(),
            ntohs(reinterpret_cast<const sockaddr_in *>(address)->sin_port)};
}

quint16 portOf(const Listener &listener)
{
    return addressOf(listener).port;
}

} // namespace delta::http
