#include "gateway/admin/scim/scim_list.h"

#include "gateway/admin/scim/scim_reply.h"

#include <QString>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace delta::admin::scim {

namespace {

bool isAlwaysThere(QLatin1StringView name)
{
    return name == "schemas"_L1 || name == "id"_L1;
}

/// Returns what targets leave of an object of attributes that are no extension's, or of this one's.
QJsonObject chosen(const std::vector<Target> &targets, const Schema *extension,
                   const QJsonObject &object)
{
    QJsonObject left;
    for (const Target &target : targets) {
        if (target.extension != extension) {
            continue;
        }
        if (!target.attribute) {
            return object;
        }
        const QLatin1StringView name = target.attribute->name;
        const QJsonValue value = object.value(name);
        if (value.isUndefined()) {
            continue;
        }
        if (!target.part || value.isArray()) {
            left.insert(name, value); // A list keeps its values whole.
        } else {
            QJsonObject parts = left.value(name).toObject();
            parts.insert(target.part->name, value[target.part->name]);
            left.insert(name, parts);
        }
    }
    return left;
}

void leaveOut(const Target &target, QJsonObject &object)
{
    if (!target.attribute || target.part || isAlwaysThere(target.attribute->name)) {
        return; // Parts are not taken out one by one.
    }
    object.remove(target.attribute->name);
}

std::vector<Target> readTargets(const ResourceType &type, const QString &text)
{
    std::vector<Target> targets;
    for (const QString &name : text.left(longestFilter).split(u',', Qt::SkipEmptyParts)) {
        if (const auto path = parsePath(type, name); path && !path->filter) {
            targets.push_back(path->target);
        }
    }
    return targets;
}

Result<qint64> readNumber(const QUrlQuery &query, const QString &name, qint64 fallback)
{
    if (!query.hasQueryItem(name)) {
        return fallback;
    }
    bool isNumber = false;
    const qint64 number = query.queryItemValue(name, QUrl::FullyDecoded).toLongLong(&isNumber);
    if (!isNumber) {
        return failure(scimError(invalidValue, u"'%1' must be a whole number."_s.arg(name), name));
    }
    return number;
}

} // namespace

bool Projection::has(QLatin1StringView attribute) const
{
    const auto isIt = [attribute](const Target &target) {
        return !target.extension && target.attribute && target.attribute->name == attribute;
    };
    return wanted.empty()
        ? std::ranges::none_of(unwanted,
                               [&](const Target &target) { return isIt(target) && !target.part; })
        : std::ranges::any_of(wanted, isIt);
}

QJsonObject Projection::of(const QJsonObject &resource) const
{
    QJsonObject left = resource;
    if (!wanted.empty()) {
        left = chosen(wanted, nullptr, resource);
        for (const Target &target : wanted) {
            if (target.extension && resource.contains(target.extension->id)) {
                left.insert(target.extension->id,
                            chosen(wanted, target.extension,
                                   resource.value(target.extension->id).toObject()));
            }
        }
        for (const QLatin1StringView name : {"schemas"_L1, "id"_L1}) {
            left.insert(name, resource.value(name));
        }
        return left;
    }
    for (const Target &target : unwanted) {
        if (!target.extension) {
            leaveOut(target, left);
        } else if (!target.attribute) {
            left.remove(target.extension->id);
        } else if (left.contains(target.extension->id)) {
            QJsonObject more = left.value(target.extension->id).toObject();
            leaveOut(target, more);
            left.insert(target.extension->id, more);
        }
    }
    return left;
}

Projection readProjection(const ResourceType &type, const QUrlQuery &query)
{
    const auto targets = [&](const QString &name) {
        return readTargets(type, query.queryItemValue(name, QUrl::FullyDecoded));
    };
    return {targets(u"attributes"_s), targets(u"excludedAttributes"_s)};
}

Result<ListWish> readListWish(const ResourceType &type, const QUrlQuery &query)
{
    ListWish wish;
    TRY(const qint64 start, readNumber(query, u"startIndex"_s, 1));
    TRY(const qint64 count, readNumber(query, u"count"_s, mostResults));
    wish.start = std::max<qint64>(1, start);
    wish.count = std::clamp<qint64>(count, 0, mostResults);
    if (query.hasQueryItem(u"filter"_s)) {
        TRY(wish.filter, parseFilter(type, query.queryItemValue(u"filter"_s, QUrl::FullyDecoded)));
    }
    wish.projection = readProjection(type, query);
    return wish;
}

bool mentions(const Filter &filter, QLatin1StringView attribute)
{
    const Target &target = filter.target;
    return (target.attribute && !target.extension && target.attribute->name == attribute)
        || std::ranges::any_of(
               filter.parts, [attribute](const Filter &part) { return mentions(part, attribute); });
}

Answer listAnswer(qint64 total, qint64 start, const QJsonArray &resources)
{
    return scimAnswer(
        {{"schemas"_L1, QJsonArray{u"urn:ietf:params:scim:api:messages:2.0:ListResponse"_s}},
         {"totalResults"_L1, total},
         {"startIndex"_L1, start},
         {"itemsPerPage"_L1, resources.size()},
         {"Resources"_L1, resources}});
}

} // namespace delta::admin::scim
