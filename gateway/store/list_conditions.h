#pragma once

#include "gateway/store/list_question.h"
#include "gateway/store/list_statement.h"

#include <QString>
#include <QStringList>
#include <QVariantList>

#include <vector>

/// \file The conditions of a list's statements, by what it takes to find the rows. The column of a time may be a whole
/// condition, in which "@" stands for the time.

namespace delta::store {

/// Conditions in the making; all of them must hold.
class Conditions
{
public:
    void add(const QString &condition, const QVariantList &values);
    /// Returns them behind WHERE; nothing if there are none.
    [[nodiscard]] QString text() const;
    /// Returns them as one condition, which always holds if there are none.
    [[nodiscard]] QString all() const;
    [[nodiscard]] const QVariantList &values() const
    {
        return m_values;
    }

private:
    QStringList m_conditions;
    QVariantList m_values;
};

/// Returns the conditions of which one must hold for a row to be reached; none: all rows are.
[[nodiscard]] std::vector<BoundStatement> reachParts(const ListShape &shape,
                                                     const ListReach &reach);

/// Adds that one of the parts must hold, if there are any.
void addReach(Conditions &conditions, const std::vector<BoundStatement> &parts);

/// What conditions are for: rows in the order of the list, or how many there are.
enum class Aim { Page, Count };

/// Adds the filters that indexes find.
void addFilters(Conditions &conditions, const ListShape &shape, const ListQuestion &question,
                Aim aim);

/// Adds the filters for which rows are looked at.
void addFlags(Conditions &conditions, const ListShape &shape, const ListQuestion &question);

/// Returns a search as the index of words takes it: letters that follow each other, whatever they are.
[[nodiscard]] QString phrase(const QString &search);

void addSearch(Conditions &conditions, const ListShape &shape, const QString &search,
               SearchPath path);

/// Returns where a list reads its rows: its statement from its " FROM " on.
[[nodiscard]] QString sourceText(const ListShape &shape, Dialect dialect);

} // namespace delta::store
