#pragma once

#include "shared/core/result.h"

#include <QString>

#include <optional>

namespace delta::ports {

/// A user of the gateway who may administer it.
struct Person {
    QString id;
    QString email; ///< As it was written when the user was made.
    QString name;  ///< For people; may be empty.
    QString role;  ///< Of the whole gateway; empty: none.
    bool isBlocked = false;

    bool operator==(const Person &) const = default;
};

/// Knows the users. Used on the thread of the store. Errors of all: StoreUnavailable.
class People
{
public:
    virtual ~People() = default;
    /// Returns a user, blocked or not; nothing if there is none.
    [[nodiscard]] virtual Result<std::optional<Person>> personById(const QString &id) = 0;
    /// The same by e-mail address, in which case does not matter.
    [[nodiscard]] virtual Result<std::optional<Person>> personByEmail(const QString &email) = 0;
};

} // namespace delta::ports
