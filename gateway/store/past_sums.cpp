#include "gateway/store/past_sums.h"

#include <memory>
#include <utility>

namespace delta::store {

namespace {

QByteArray keyOf(const BoundStatement &statement)
{
    QByteArray key = statement.text.toUtf8();
    for (const QVariant &value : statement.values) {
        key += '\0' + value.toString().toUtf8();
    }
    return key;
}

} // namespace

const PastSums::Numbers *PastSums::find(const BoundStatement &statement,
                                        const SpendTotals &all) const
{
    const Answer *const answer = m_answers.object(keyOf(statement));
    return answer && answer->all == all ? &answer->numbers : nullptr;
}

void PastSums::keep(const BoundStatement &statement, const SpendTotals &all, Numbers numbers)
{
    constexpr qsizetype bytesPerNumber = 8;
    const QByteArray key = keyOf(statement);
    const qsizetype cost = key.size() / bytesPerNumber + std::ssize(numbers);
    m_answers.insert(key, std::make_unique<Answer>(all, std::move(numbers)).release(), cost);
}

} // namespace delta::store
