#include "gateway/store/content_table.h"

#include "gateway/store/clean_text.h"
#include "gateway/store/column_values.h"
#include "gateway/store/database.h"
#include "gateway/store/transaction.h"

#include <QMetaType>
#include <QSqlQuery>
#include <QVariant>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

/// Contents are long: so few are removed at once that nobody else who writes waits for long.
constexpr qint64 portion = 200;

} // namespace

Result<void> ContentTable::keep(const std::vector<ports::SealedContent> &contents)
{
    if (contents.empty()) {
        return {};
    }
    TRY(Transaction transaction, Transaction::begin(m_database));
    for (const ports::SealedContent &content : contents) {
        // As the call has it, or an erasure would not find it.
        const QByteArray endUser = cleanText(content.endUser);
        TRY_VOID(m_database.run("call_contents/insert"_L1,
                                {content.callId, timeColumn(content.startedAt),
                                 endUser.isEmpty() ? QVariant(QMetaType::fromType<QString>())
                                                   : QVariant(QString::fromUtf8(endUser)),
                                 content.sealed}));
    }
    return transaction.commit();
}

Result<std::optional<QByteArray>> ContentTable::find(qint64 callId)
{
    std::optional<QByteArray> sealed;
    TRY_VOID(m_database.each("call_contents/select"_L1, {callId}, [&sealed](const QSqlQuery &row) {
        sealed = row.value(0).toByteArray();
    }));
    return sealed;
}

Result<qint64> ContentTable::countOfEndUser(const QString &endUser)
{
    qint64 count = 0;
    TRY_VOID(
        m_database.each("call_contents/count_of_end_user"_L1, {present(endUser)},
                        [&count](const QSqlQuery &row) { count = row.value(0).toLongLong(); }));
    return count;
}

Result<void> ContentTable::eraseEndUser(const QString &endUser)
{
    return m_database.run("call_contents/erase_end_user"_L1, {present(endUser)}).transform([](int) {
    });
}

Result<bool> ContentTable::removeBefore(WallTime before)
{
    return m_database.run("retention/delete_contents"_L1, {timeColumn(before), portion})
        .transform([](int removed) { return removed == portion; });
}

} // namespace delta::store
