#pragma once

#include <QByteArray>
#include <QString>
#include <QStringView>

#include <expected>

namespace delta::net {

/// Somebody who can get mail.
struct Mailbox {
    QString name;       ///< For people; empty: none.
    QByteArray address; ///< "ops@example.com": ASCII without blanks. Empty: nobody.

    bool operator==(const Mailbox &) const = default;

    /// Reads "ops@example.com" or "Operations <ops@example.com>".
    /// Errors: a text saying what is wrong, to be put after the name of the field.
    [[nodiscard]] static std::expected<Mailbox, QString> fromText(QStringView text);
    /// Returns it as a field of a message's head has it, on one line.
    [[nodiscard]] QByteArray toHeader() const;
};

/// Says whether a text is a bare address that mail can have: ASCII without blanks, and without what separates addresses.
[[nodiscard]] bool isMailAddress(QStringView text);

/// Returns a text as an unstructured field of a message's head may hold it: as it is if it is short and
/// plain, else in encoded words (RFC 2047), with a line break and a blank between two of them. Nothing in
/// the text can begin a new field.
[[nodiscard]] QByteArray headerText(QStringView text);

} // namespace delta::net
