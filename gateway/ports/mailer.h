#pragma once

#include <QByteArray>
#include <QString>

namespace delta::ports {

/// A letter to one person.
struct Mail {
    QByteArray to; ///< Bare address.
    QString subject;
    QString text; ///< Lines end with a line feed. May hold credentials: it is not for the log.
};

/// Sends letters. Safe from any thread.
class Mailer
{
public:
    virtual ~Mailer() = default;
    /// Takes a letter over, returns at once and says whether it did: it does not if there is no room for more, or the
    /// address is none that mail can have. Whether a letter arrives, nobody hears; what is lost is logged.
    [[nodiscard]] virtual bool post(Mail mail) = 0;
};

} // namespace delta::ports
