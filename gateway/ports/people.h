#pragma once

#include "shared/core/result.h"

#include <QString>

#include <optional>

namespace delta::ports {

/// A user of the gateway who may administer it.
struct Person {
    QString id;
    QString email; ///< Empty: none is known.
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
    /// The same by what they log in with: their e-mail address, in which case does not matter, or their id if it has
    /// no @.
    [[nodiscard]] virtual Result<std::optional<Person>> personByName(const QString &name) = 0;
};

} // namespace delta::ports
