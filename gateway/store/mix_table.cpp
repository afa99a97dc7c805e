#include "gateway/store/mix_table.h"

#include "gateway/store/database.h"

#include <span>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

/// Beyond this many remembered mixes it starts over: memory stays bounded.
constexpr std::size_t maxRemembered = 50'000;

} // namespace

qint64 Mix::refOf(Dimension dimension) const
{
    switch (dimension) {
    case Dimension::Organization:
        return organization;
    case Dimension::Model:
        return model;
    case Dimension::Deployment:
        return deployment;
    case Dimension::Provider:
        return provider;
    case Dimension::Status:
        return status;
    default:
        return 0;
    }
}

bool Mix::has(Dimension dimension)
{
    return dimension == Dimension::Organization || dimension == Dimension::Model
        || dimension == Dimension::Deployment || dimension == Dimension::Provider
        || dimension == Dimension::Status;
}

Result<std::optional<qint64>> MixTable::ask(QLatin1StringView statement, const Mix &mix)
{
    std::optional<qint64> id;
    TRY_VOID(m_database.each(
        statement, {mix.organization, mix.model, mix.deployment, mix.provider, mix.status},
        [&id](const QSqlQuery &row) { id = row.value(0).toLongLong(); }));
    return id;
}

Result<qint64> MixTable::intern(const Mix &mix)
{
    if (const auto known = m_ids.find(mix); known != m_ids.end()) {
        return known->second;
    }
    std::optional<qint64> id;
    // The last is for what another gateway has just added.
    for (const auto statement : {"mixes/select_id"_L1, "mixes/insert"_L1, "mixes/select_id"_L1}) {
        if (!id) {
            TRY(id, ask(statement, mix));
        }
    }
    if (!id) {
        return failure(ApiError::storeUnavailable(
            u"The gateway's database did not take what a call is added up by."_s,
            u"spend_mixes took no row and has none"_s));
    }
    if (m_ids.size() >= maxRemembered) {
        m_ids.clear();
    }
    m_ids.emplace(mix, *id);
    return *id;
}

Result<std::map<qint64, Mix>> MixTable::load(
    const std::optional<std::vector<qint64>> &organizations)
{
    std::map<qint64, Mix> mixes;
    const auto take = [&mixes](std::span<const qint64> row) {
        mixes.emplace(row[0], Mix{row[1], row[2], row[3], row[4], row[5]});
    };
    if (!organizations) {
        TRY_VOID(m_database.eachNumbers("mixes/select_all"_L1, {}, take));
        return mixes;
    }
    for (const qint64 organization : *organizations) {
        TRY_VOID(m_database.eachNumbers("mixes/select_of_organization"_L1, {organization}, take));
    }
    return mixes;
}

} // namespace delta::store
