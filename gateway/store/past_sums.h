#pragma once

#include "gateway/store/list_statement.h"
#include "gateway/store/spend_totals.h"

#include <QByteArray>
#include <QCache>
#include <QtTypes>

#include <vector>

namespace delta::store {

/// Remembers what statements read of days that are over, the last ones asked for: to add up a quarter of a million rows
/// takes a tenth of a second and more, and admins look at one report again and again. Such days change only where a call
/// is posted late, so that what all calls of them come to tells whether an answer still holds. Confined to one thread.
class PastSums
{
public:
    /// Numbers as they were read, row after row.
    using Numbers = std::vector<qint64>;

    explicit PastSums(qsizetype mostNumbers = 4'000'000)
        : m_answers(mostNumbers)
    {
    }

    /// Returns what a statement read while all calls of its days came to `all`; null if that is not known. The numbers
    /// stay until the next keep().
    [[nodiscard]] const Numbers *find(const BoundStatement &statement,
                                      const SpendTotals &all) const;
    /// `all` must have been read before the numbers were: so a call that is posted meanwhile makes them void.
    void keep(const BoundStatement &statement, const SpendTotals &all, Numbers numbers);

private:
    struct Answer {
        SpendTotals all;
        Numbers numbers;
    };

    QCache<QByteArray, Answer>
        m_answers; ///< By statement and values; each costs as much as it has numbers.
};

} // namespace delta::store
