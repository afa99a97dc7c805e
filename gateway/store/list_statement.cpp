#include "gateway/store/list_statement.h"

#include "gateway/store/column_values.h"
#include "gateway/store/sql_text.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

/// Conditions in the making; all of them must hold.
class Conditions
{
public:
    void add(const QString &condition, const QVariantList &values)
    {
        m_conditions.append(condition);
        m_values += values;
    }
    [[nodiscard]] QString text() const
    {
        return m_conditions.isEmpty() ? QString() : " WHERE "_L1 + m_conditions.join(" AND "_L1);
    }
    [[nodiscard]] const QVariantList &values() const
    {
        return m_values;
    }

private:
    QStringList m_conditions;
    QVariantList m_values;
};

/// Returns the condition that a column has one of so many values; see ListColumn::column.
QString oneOf(QLatin1StringView column, qsizetype count)
{
    const QString in = u"IN (%1)"_s.arg(QStringList(count, u"?"_s).join(", "_L1));
    return column.contains(u'@') ? QString(column).replace(u'@', in) : column + u' ' + in;
}

QVariantList bound(const QStringList &texts)
{
    QVariantList values;
    for (const QString &text : texts) {
        values.append(present(text));
    }
    return values;
}

QVariantList flags(const QStringList &texts)
{
    QVariantList values;
    for (const QString &text : texts) {
        values.append(text == "true"_L1 ? 1 : 0);
    }
    return values;
}

void addReach(Conditions &conditions, const ListShape &shape, const ListReach &reach)
{
    if (reach.isAll) {
        return;
    }
    QStringList parts;
    QVariantList values;
    const auto add = [&](QLatin1StringView column, const QStringList &owners) {
        if (!column.isEmpty() && !owners.isEmpty()) {
            parts.append(oneOf(column, owners.size()));
            values += bound(owners);
        }
    };
    add(shape.organization, reach.organizations);
    add(shape.team, reach.teams);
    add(shape.user, reach.user.isEmpty() ? QStringList() : QStringList{reach.user});
    conditions.add(parts.isEmpty() ? u"1 = 0"_s : u"(%1)"_s.arg(parts.join(" OR "_L1)), values);
}

void addFilters(Conditions &conditions, const ListShape &shape, const ListQuestion &question)
{
    for (const auto &[name, values] : question.filters) {
        if (const auto owner = columnFor(shape, name, ColumnUse::Owner)) {
            conditions.add(oneOf(*owner, values.size()), bound(values));
        } else if (const auto column = columnFor(shape, name, ColumnUse::Filter)) {
            conditions.add(oneOf(*column, values.size()), bound(values));
        } else if (const auto flag = columnFor(shape, name, ColumnUse::Flag)) {
            conditions.add(oneOf(*flag, values.size()), flags(values));
        } else if (const auto end = columnFor(shape, name, ColumnUse::Before)) {
            conditions.add(*end + u" < ?"_s, {values.first().toLongLong()});
        } else if (const auto begin = columnFor(shape, name, ColumnUse::After)) {
            conditions.add(*begin + u" >= ?"_s, {values.first().toLongLong()});
        }
    }
}

/// Returns the pattern that finds a text anywhere, with the wildcards in it taken as they are.
QString anywhere(const QString &text)
{
    QString escaped = text.toLower();
    escaped.replace(u'\\', "\\\\"_L1).replace(u'%', "\\%"_L1).replace(u'_', "\\_"_L1);
    return u'%' + escaped + u'%';
}

/// Returns the search as the index of words takes it: letters that follow each other, whatever they are.
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
    if (path == SearchPath::Index) {
        conditions.add(u"id IN (SELECT rowid FROM %1 WHERE %1 MATCH ?)"_s.arg(shape.wordIndex),
                       {phrase(search)});
    } else {
        conditions.add(u"%1 LIKE ? ESCAPE '\\'"_s.arg(shape.words), {anywhere(search)});
    }
}

Conditions conditionsOf(const ListShape &shape, const ListQuestion &question, SearchPath path)
{
    Conditions conditions;
    addReach(conditions, shape, question.reach);
    addFilters(conditions, shape, question);
    addSearch(conditions, shape, question.search, path);
    return conditions;
}

} // namespace

std::optional<QLatin1StringView> columnFor(const ListShape &shape, QLatin1StringView name,
                                           ColumnUse use)
{
    const auto found = std::ranges::find_if(shape.columns, [&](const ListColumn &each) {
        return each.name == name && each.use == use;
    });
    return found == shape.columns.end() ? std::nullopt : std::optional(found->column);
}

bool choosesAll(const ListQuestion &question)
{
    return question.reach.isAll && question.filters.empty() && question.search.isEmpty();
}

BoundStatement pageStatement(const ListShape &shape, const ListQuestion &question, SearchPath path,
                             Dialect dialect)
{
    Conditions conditions = conditionsOf(shape, question, path);
    const QLatin1StringView sort =
        columnFor(shape, question.sort, ColumnUse::Sort).value_or(shape.id);
    // A page before a place is read backwards from there.
    const bool isUp = (question.direction == SortDirection::Ascending)
        == (question.side == PageSide::Next);
    if (question.place) {
        const QLatin1StringView comparison = isUp ? ">"_L1 : "<"_L1;
        if (sort == shape.id) {
            conditions.add(u"%1 %2 ?"_s.arg(sort, comparison), {present(question.place->id)});
        } else {
            conditions.add(u"(%1, %2) %3 (?, ?)"_s.arg(sort, shape.id, comparison),
                           {question.place->value, present(question.place->id)});
        }
    }
    const QLatin1StringView order = isUp ? "ASC"_L1 : "DESC"_L1;
    const QString orderBy = sort == shape.id ? u"%1 %2"_s.arg(sort, order)
                                             : u"%1 %3, %2 %3"_s.arg(sort, shape.id, order);
    const QString offset = question.skip > 0 ? u" OFFSET %1"_s.arg(question.skip) : QString();
    return {u"%1%2 ORDER BY %3 LIMIT %4"_s
                    .arg(queryText(shape.statement, dialect), conditions.text(), orderBy)
                    .arg(question.limit + 1)
                + offset,
            conditions.values()};
}

BoundStatement countStatement(const ListShape &shape, const ListQuestion &question, SearchPath path,
                              Dialect dialect)
{
    const Conditions conditions = conditionsOf(shape, question, path);
    return {u"SELECT COUNT(*) FROM (%1%2 LIMIT %3) AS chosen"_s
                .arg(queryText(shape.statement, dialect), conditions.text())
                .arg(mostCounted + 1),
            conditions.values()};
}

std::optional<BoundStatement> probeStatement(const ListShape &shape, const ListQuestion &question,
                                             Dialect dialect)
{
    constexpr qsizetype fewestLetters = 3;
    if (dialect != Dialect::Sqlite || shape.wordIndex.isEmpty()
        || question.search.size() < fewestLetters) {
        return std::nullopt;
    }
    return BoundStatement{u"SELECT COUNT(*) FROM (SELECT rowid FROM %1 WHERE %1 MATCH ? LIMIT %2)"_s
                              .arg(shape.wordIndex)
                              .arg(mostCounted + 1),
                          {phrase(question.search)}};
}

} // namespace delta::store
