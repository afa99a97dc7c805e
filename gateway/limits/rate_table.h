#pragma once

#include "gateway/limits/rate_rule.h"
#include "shared/models/rate_limit.h"
#include "shared/models/spend_entry.h"

#include <QByteArray>
#include <QHash>

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace delta::limits {

/// Returns what the calls of a subject are counted by: "team 'sales'", "API key 'kd8f3' with the model 'm'".
/// No two subjects have the same.
[[nodiscard]] QByteArray counterName(const RateSubject &subject);

/// All rate limits at one moment, found by what a call says of itself. Immutable, so any number of threads
/// may read it. A call asks once for each kind of scope that has limits, and allocates nothing if it has
/// none.
class RateTable
{
public:
    RateTable() = default;
    explicit RateTable(std::span<const RateLimit> limits);

    [[nodiscard]] bool isEmpty() const
    {
        return m_isEmpty;
    }
    /// Adds the rules that hold for a call, narrowest first. `call` names the scopes by the fields of its
    /// SpendEntry; an empty one is in no scope of that kind. `group` is the model that is meant, where the
    /// one that was asked for is an alias: the limits of both hold.
    void addRules(const SpendEntry &call, const QByteArray &group,
                  std::vector<RateRule> &rules) const;

private:
    using Rules = std::vector<RateRule>;

    /// The limits of one object.
    struct Entry {
        Rules always;
        QHash<QByteArray, Rules> byModel;
    };
    using Entries = QHash<QByteArray, Entry>;
    using Models = std::span<const QByteArray>;

    [[nodiscard]] const Entries &of(RateScope scope) const;
    static void add(const Entries &entries, const QByteArray &id, Models models, Rules &rules);

    std::array<Entries, enumNames(RateScope()).size()> m_scopes;
    bool m_isEmpty = true;
};

} // namespace delta::limits
