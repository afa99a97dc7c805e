#pragma once

#include "gateway/http/file_descriptor.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QtTypes>

#include <expected>
#include <vector>

namespace delta::http {

/// Where to listen.
struct ListenAddress {
    QByteArray host;  ///< An IP address, or "localhost"; empty: every address of the machine.
    quint16 port = 0; ///< Zero: any free port.

    bool operator==(const ListenAddress &) const = default;
};

/// Reads "127.0.0.1:4000", "[::1]:4000", "localhost:4000" or ":4000".
/// Errors: a text that says what is wrong with it.
[[nodiscard]] std::expected<ListenAddress, QString> parseListenAddress(QByteArrayView text);

/// One listening, non-blocking socket.
struct Listener {
    enum class Origin {
        Own,       ///< Bound by this process; what is queued when it closes is lost.
        Inherited, ///< From the service manager, which keeps it open for our successor.
    };
    FileDescriptor fd;
    Origin origin = Origin::Own;
};

/// Binds `count` sockets to the same address with SO_REUSEPORT, one for each loop thread, and
/// listens.
/// Errors: a text for the operator, e.g. that another program has the port. It is refused although
/// SO_REUSEPORT alone would let two gateways share a port unnoticed.
[[nodiscard]] std::expected<std::vector<Listener>, QString> openListeners(
    const ListenAddress &address, int count);

/// Takes over the sockets that a service manager passed in (LISTEN_PID, LISTEN_FDS), and clears
/// these variables; each of the `count` loop threads gets a duplicate of each: thread n those whose
/// index modulo `count` is n. Empty if none were passed.
/// Source: sd_listen_fds(3).
[[nodiscard]] std::expected<std::vector<Listener>, QString> inheritListeners(int count);

/// Returns the address on which the listener listens, its host as an IP address: empty for every
/// address of the machine. The port is zero if it does not listen on one.
[[nodiscard]] ListenAddress addressOf(const Listener &listener);
/// Returns the port on which the listener listens; zero if it does not.
[[nodiscard]] quint16 portOf(const Listener &listener);

} // namespace delta::http
