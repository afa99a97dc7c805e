#include "gateway/store/list_conditions.h"

#include "gateway/store/column_values.h"
#include "gateway/store/sql_text.h"

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

/// Returns the condition that a column has one of some values; see ListColumn::column.
QString oneOf(QLatin1StringView column, const QStringList &values)
{
    const QString in = u"IN (%1)"_s.arg(QStringList(values.size(), u"?"_s).join(", "_L1));
    if (column.contains(u'@')) {
        return QString(column).replace(u'@', in);
    }
    // That it is none of the rows without a value lets the indexes be used that leave these out.
    return values.contains(QString()) ? u"%1 %2"_s.arg(column, in)
                                      : u"(%1 %2 AND %1 <> '')"_s.arg(column, in);
}

/// Returns a condition on a time, with its value in as many places as it has; see ListColumn::column.
BoundStatement limitOf(QLatin1StringView column, QLatin1StringView comparison, const QString &time)
{
    const QString text = column.contains(u'@') ? QString(column)
                                               : u"%1 %2 @"_s.arg(column, comparison);
    return {QString(text).replace(u'@', u'?'), QVariantList(text.count(u'@'), time.toLongLong())};
}

QVariantList bound(const QStringList &texts)
{
    QVariantList values;
    for (const QString &text : texts) {
        values.append(present(text));
    }
    return values;
}

QString oneOfFlags(QLatin1StringView column, const QStringList &texts)
{
    QStringList values;
    for (const QString &text : texts) {
        values.append(text == "true"_L1 ? u"1"_s : u"0"_s);
    }
    return u"%1 IN (%2)"_s.arg(column, values.join(", "_L1));
}

/// Returns the pattern that finds a text anywhere, with the wildcards in it taken as they are.
QString anywhere(const QString &text)
{
    QString escaped = text.toLower();
    escaped.replace(u'\\', "\\\\"_L1).replace(u'%', "\\%"_L1).replace(u'_', "\\_"_L1);
    return u'%' + escaped + u'%';
}

/// Returns the column of a time, or the condition on it.
std::optional<QLatin1StringView> timeFor(const ListShape &shape, QLatin1StringView name,
                                         ColumnUse use, Aim aim)
{
    const auto found = std::ranges::find_if(shape.columns, [&](const ListColumn &each) {
        return each.name == name && each.use == use;
    });
    if (found == shape.columns.end()) {
        return std::nullopt;
    }
    return aim == Aim::Count && !found->counted.isEmpty() ? found->counted : found->column;
}

} // namespace

void Conditions::add(const QString &condition, const QVariantList &values)
{
    m_conditions.append(condition);
    m_values += values;
}

QString Conditions::text() const
{
    return m_conditions.isEmpty() ? QString() : " WHERE "_L1 + m_conditions.join(" AND "_L1);
}

QString Conditions::all() const
{
    return m_conditions.isEmpty() ? u"1 = 1"_s : m_conditions.join(" AND "_L1);
}

std::vector<BoundStatement> reachParts(const ListShape &shape, const ListReach &reach)
{
    if (reach.isAll) {
        return {};
    }
    std::vector<BoundStatement> parts;
    const auto add = [&parts](QLatin1StringView column, const QStringList &owners) {
        if (!column.isEmpty() && !owners.isEmpty()) {
            parts.push_back({oneOf(column, owners), bound(owners)});
        }
    };
    add(shape.organization, reach.organizations);
    add(shape.team, reach.teams);
    add(shape.user, reach.user.isEmpty() ? QStringList() : QStringList{reach.user});
    return parts.empty() ? std::vector<BoundStatement>{{u"1 = 0"_s, {}}} : parts;
}

void addReach(Conditions &conditions, const std::vector<BoundStatement> &parts)
{
    QStringList texts;
    QVariantList values;
    for (const BoundStatement &part : parts) {
        texts.append(part.text);
        values += part.values;
    }
    if (!texts.isEmpty()) {
        conditions.add(u"(%1)"_s.arg(texts.join(" OR "_L1)), values);
    }
}

void addFilters(Conditions &conditions, const ListShape &shape, const ListQuestion &question,
                Aim aim)
{
    for (const auto &[name, values] : question.filters) {
        if (const auto owner = columnFor(shape, name, ColumnUse::Owner)) {
            conditions.add(oneOf(*owner, values), bound(values));
        } else if (const auto column = columnFor(shape, name, ColumnUse::Filter)) {
            conditions.add(oneOf(*column, values), bound(values));
        } else if (const auto end = timeFor(shape, name, ColumnUse::Before, aim)) {
            const BoundStatement limit = limitOf(*end, "<"_L1, values.first());
            conditions.add(limit.text, limit.values);
        } else if (const auto begin = timeFor(shape, name, ColumnUse::After, aim)) {
            const BoundStatement limit = limitOf(*begin, ">="_L1, values.first());
            conditions.add(limit.text, limit.values);
        }
    }
}

void addFlags(Conditions &conditions, const ListShape &shape, const ListQuestion &question)
{
    for (const auto &[name, values] : question.filters) {
        if (const auto flag = columnFor(shape, name, ColumnUse::Flag)) {
            conditions.add(oneOfFlags(*flag, values), {});
        }
    }
}

QString sourceText(const ListShape &shape, Dialect dialect)
{
    const QString list = queryText(shape.statement, dialect);
    return u' ' + list.mid(list.lastIndexOf("FROM "_L1));
}

QString phrase(const QString &search)
{
    QString quoted = search;
    return u'"' + quoted.replace(u'"', "\"\""_L1) + u'"';
}

void addSearch(Conditions &conditions, const ListShape &shape, const QString &search,
               SearchPath path)
{
    if (search.isEmpty()) {
        return;
    }
    const QString named = u"rowid IN (SELECT rowid FROM %1 WHERE %1 MATCH ?)"_s.arg(
        shape.wordIndex);
    if (path == SearchPath::Index) {
        conditions.add(named, {phrase(search)});
    } else if (path == SearchPath::Members) {
        // "+" keeps SQLite from reading all of them.
        conditions.add(u'+' + named, {phrase(search)});
    } else {
        conditions.add(u"%1 LIKE ? ESCAPE '\\'"_s.arg(shape.words), {anywhere(search)});
    }
}

} // namespace delta::store
