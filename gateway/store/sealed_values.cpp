#include "gateway/store/sealed_values.h"

#include "gateway/store/column_values.h"
#include "gateway/store/database.h"

#include <cstddef>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

struct KindStatements {
    QLatin1StringView select;
    QLatin1StringView update;
};

const KindStatements &statementsOf(SealedKind kind)
{
    static constexpr std::array<KindStatements, sealedKinds.size()> statements{
        {{"sealing/select_credentials"_L1, "sealing/update_credential"_L1},
         {"sealing/select_seeds"_L1, "sealing/update_seed"_L1},
         {"sealing/select_pending_seeds"_L1, "sealing/update_pending_seed"_L1},
         {"sealing/select_answers"_L1, "sealing/update_answer"_L1},
         {"sealing/select_contents"_L1, "sealing/update_content"_L1}}};
    return statements.at(static_cast<std::size_t>(kind));
}

} // namespace

Result<std::vector<SealedCount>> SealedValues::counts()
{
    std::vector<SealedCount> counts;
    TRY_VOID(m_database.each("sealing/count_values"_L1, {}, [&counts](const QSqlQuery &row) {
        counts.push_back({static_cast<SealedKind>(row.value(0).toInt()), row.value(1).toString(),
                          row.value(2).toLongLong()});
    }));
    return counts;
}

Result<std::vector<SealedValue>> SealedValues::notSealedWith(const QString &kekId, SealedKind kind,
                                                             const SealedValue &last, int most)
{
    std::vector<SealedValue> values;
    TRY_VOID(m_database.each(
        statementsOf(kind).select, {present(kekId), present(last.id), last.rest, most},
        [&values](const QSqlQuery &row) {
            values.push_back(
                {row.value(0).toString(), row.value(1).toByteArray(), row.value(2).toByteArray()});
        }));
    return values;
}

Result<bool> SealedValues::replace(SealedKind kind, const SealedValue &value,
                                   const QByteArray &sealed)
{
    return m_database
        .run(statementsOf(kind).update, {present(value.id), value.rest, value.sealed, sealed})
        .transform([](int rows) { return rows > 0; });
}

} // namespace delta::store
