#include "gateway/admin/scim/scim_list_patch.h"

#include "gateway/admin/scim/scim_error.h"
#include "gateway/admin/scim/scim_values.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

#include <algorithm>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace delta::admin::scim {

namespace {

/// What two values of a list are the same by: the part that says what they are, or else all of it.
QByteArray identityOf(const QJsonValue &element)
{
    const QJsonValue value = element["value"_L1];
    return value.isString()
        ? 'v' + value.toString().toUtf8()
        : 'o' + QJsonDocument(element.toObject()).toJson(QJsonDocument::Compact);
}

/// One that becomes the primary value takes that from the others.
void keepOnePrimary(QJsonArray &list, const QSet<qsizetype> &changed)
{
    const bool isTaken = std::ranges::any_of(
        changed, [&list](qsizetype i) { return list.at(i)["primary"_L1].toBool(); });
    for (qsizetype i = 0; isTaken && i < list.size(); ++i) {
        QJsonObject element = list.at(i).toObject();
        if (!changed.contains(i) && element.value("primary"_L1).toBool()) {
            element.insert("primary"_L1, false);
            list.replace(i, element);
        }
    }
}

/// Adds those that are not there yet. One that is gets what is said of it anew.
void append(QJsonArray &list, const QJsonArray &values)
{
    QHash<QByteArray, qsizetype> known;
    for (qsizetype i = 0; i < list.size(); ++i) {
        known.insert(identityOf(list.at(i)), i);
    }
    QSet<qsizetype> changed;
    for (const QJsonValue value : values) {
        const QByteArray identity = identityOf(value);
        const auto found = known.constFind(identity);
        const qsizetype place = found == known.constEnd() ? list.size() : *found;
        if (place == list.size()) {
            list.append(value);
            known.insert(identity, place);
        } else {
            QJsonObject element = list.at(place).toObject();
            const QJsonObject more = value.toObject();
            for (auto member = more.begin(); member != more.end(); ++member) {
                element.insert(member.key(), member.value());
            }
            list.replace(place, element);
        }
        changed.insert(place);
    }
    keepOnePrimary(list, changed);
}

Result<void> changeWhole(const Change &change, QJsonArray &list)
{
    const Attribute &attribute = *change.path.target.attribute;
    TRY(const QJsonValue read, readValue(attribute, change.value, attribute.name));
    const QJsonArray values = read.toArray();
    const bool isAll = change.value.isUndefined() || change.value.isNull();
    if (change.verb == Verb::Replace || (change.verb == Verb::Remove && isAll)) {
        list = {};
    }
    if (change.verb != Verb::Remove) {
        append(list, values);
    } else if (!isAll) {
        QSet<QByteArray> gone;
        for (const QJsonValue value : values) {
            gone.insert(identityOf(value));
        }
        QJsonArray left;
        for (const QJsonValue element : std::as_const(list)) {
            if (!gone.contains(identityOf(element))) {
                left.append(element);
            }
        }
        list = left;
    }
    return {};
}

/// Writes into an object what a filter demands to the letter, so that a new value is one that it chooses.
void fillFrom(const Filter &filter, QJsonObject &element)
{
    if (filter.kind == Filter::Kind::And) {
        for (const Filter &part : filter.parts) {
            fillFrom(part, element);
        }
    } else if (filter.kind == Filter::Kind::Compare && filter.comparison == Comparison::Equal
               && !filter.value.isNull()) {
        element.insert(filter.target.attribute->name, filter.value);
    }
}

/// Returns an element as the change wants it.
Result<QJsonObject> changed(const Change &change, QJsonObject element)
{
    const Attribute &attribute = *change.path.target.attribute;
    if (const Attribute *const part = change.path.target.part) {
        TRY(const QJsonValue value,
            readValue(*part, change.value, attribute.name + u'.' + part->name));
        element.insert(part->name, value);
        return element;
    }
    TRY(const QJsonValue value, readElement(attribute, change.value, attribute.name));
    if (change.verb == Verb::Replace) {
        return value.toObject();
    }
    const QJsonObject more = value.toObject();
    for (auto member = more.begin(); member != more.end(); ++member) {
        element.insert(member.key(), member.value());
    }
    return element;
}

Result<void> changeChosen(const Change &change, QJsonArray &list)
{
    QSet<qsizetype> chosen;
    for (qsizetype i = 0; i < list.size(); ++i) {
        if (matches(*change.path.filter, list.at(i).toObject())) {
            chosen.insert(i);
        }
    }
    if (chosen.isEmpty() && change.verb == Verb::Replace) {
        return failure(scimError(noTarget, u"'path' chooses nothing that is there."_s, u"path"_s));
    }
    if (chosen.isEmpty()) {
        QJsonObject element;
        fillFrom(*change.path.filter, element);
        TRY(element, changed(change, element));
        chosen.insert(list.size());
        list.append(element);
    } else {
        for (const qsizetype i : std::as_const(chosen)) {
            TRY(const QJsonObject element, changed(change, list.at(i).toObject()));
            list.replace(i, element);
        }
    }
    keepOnePrimary(list, chosen);
    return {};
}

/// To remove what is not there changes nothing: directories repeat themselves.
void removeChosen(const Path &path, QJsonArray &list)
{
    QJsonArray left;
    for (const QJsonValue element : std::as_const(list)) {
        QJsonObject object = element.toObject();
        const bool isChosen = matches(*path.filter, object);
        if (isChosen && path.target.part) {
            object.remove(path.target.part->name);
        }
        if (!isChosen || (path.target.part && !object.isEmpty())) {
            left.append(object);
        }
    }
    list = left;
}

} // namespace

Result<void> changeList(const Change &change, QJsonObject &base)
{
    const Attribute &attribute = *change.path.target.attribute;
    QJsonArray list = base.value(attribute.name).toArray();
    if (!change.path.filter && change.path.target.part) {
        return failure(scimError(
            invalidPath,
            u"'path' must say by a filter which values of '%1' it means."_s.arg(attribute.name),
            u"path"_s));
    }
    if (!change.path.filter) {
        TRY_VOID(changeWhole(change, list));
    } else if (change.verb == Verb::Remove) {
        removeChosen(change.path, list);
    } else {
        TRY_VOID(changeChosen(change, list));
    }
    TRY_VOID(checkList(attribute, list, attribute.name));
    if (list.isEmpty()) {
        base.remove(attribute.name);
    } else {
        base.insert(attribute.name, list);
    }
    return {};
}

} // namespace delta::admin::scim
