#include "tests/architecture/include_table.h"
#include "tests/architecture/rules.h"
#include "tests/architecture/scope_scanner.h"

#include <QRegularExpression>
#include <QSet>

namespace delta::architecture {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype readmeLimit = 12;
/// Its README is a report: the table of the benchmark, where people look for it.
const QString reportFolder = u"tests/bench"_s;

/// Returns the folders that need a README: those of the include table, `sql`, `tests` and its
/// parts.
/// What mirrors the sources or holds nothing but data does not.
QStringList folders(const SourceTree &tree)
{
    const QSet<QString> exempt{u"tests/gateway"_s, u"tests/shared"_s, u"tests/golden"_s};
    QSet<QString> names;
    for (const QString &folder : IncludeTable(tree).folders()) {
        names.insert(folder);
    }
    for (const SourceFile &file : tree.files()) {
        const QString top = file.path.section(u'/', 0, 0);
        const QString part = file.path.section(u'/', 0, 1);
        if (top == u"sql" || top == u"tests") {
            names.insert(top);
        }
        if (top == u"tests" && part != file.path && !exempt.contains(part)) {
            names.insert(part);
        }
    }
    QStringList sorted(names.begin(), names.end());
    sorted.sort();
    return sorted;
}

/// Returns a statement's text without comments and literals.
QString sqlCode(const QString &text)
{
    static const QRegularExpression comment(u"--[^\\n]*|/\\*.*?\\*/|'(?:[^']|'')*'"_s,
                                            QRegularExpression::DotMatchesEverythingOption);
    return QString(text).replace(comment, u" "_s);
}

qsizetype statementCount(const QString &text)
{
    qsizetype count = 0;
    for (const QString &part : sqlCode(text).split(u';')) {
        count += part.trimmed().isEmpty() ? 0 : 1;
    }
    return count;
}

} // namespace

Findings foldersWithoutReadme(const SourceTree &tree)
{
    Findings findings;
    for (const QString &folder : folders(tree)) {
        const SourceFile *readme = tree.find(folder + u"/README.md"_s);
        if (readme == nullptr) {
            findings.push_back({folder, 0, u"has no README.md"_s});
        } else if (const qsizetype lines = readme->text.trimmed().count(u'\n') + 1;
                   lines > readmeLimit && folder != reportFolder) {
            findings.push_back({readme->path, 0, u"has %1 lines; five should do"_s.arg(lines)});
        }
    }
    return findings;
}

Findings headersWithoutGuard(const SourceTree &tree)
{
    Findings findings;
    for (const SourceFile *file : tree.cpp()) {
        if (file->isHeader() && !file->code.trimmed().startsWith(u"#pragma once\n")) {
            findings.push_back({file->path, 1, u"does not begin with #pragma once"_s});
        }
    }
    return findings;
}

/// A specialization is described by its primary template.
Findings typesWithoutDocstring(const SourceTree &tree)
{
    static const QRegularExpression specialization(u"^(class|struct)\\s+[\\w:]+\\s*<"_s);
    Findings findings;
    for (const SourceFile *file : tree.production()) {
        if (!file->isHeader()) {
            continue;
        }
        const QStringList lines = file->text.split(u'\n');
        for (const Scope &scope : scanScopes(file->bare)) {
            const bool isType = (scope.kind == ScopeKind::Type
                                 || scope.kind == ScopeKind::Enumeration)
                && !specialization.match(scope.head).hasMatch();
            const QString above = lines.value(scope.firstLine - 2).trimmed();
            if (isType && scope.parent == ScopeKind::Namespace && !above.startsWith(u"///")) {
                findings.push_back(
                    {file->path, scope.firstLine, u"%1 has no /// above it"_s.arg(scope.head)});
            }
        }
    }
    return findings;
}

/// Migrations are exempt from the single statement: each is one step as a whole.
Findings unrulySql(const SourceTree &tree)
{
    Findings findings;
    for (const SourceFile &file : tree.files()) {
        if (!file.path.endsWith(u".sql")) {
            continue;
        }
        if (!file.text.startsWith(u"-- ")) {
            findings.push_back({file.path, 1, u"does not begin with a comment"_s});
        }
        const qsizetype statements = statementCount(file.text);
        if (file.isIn(u"sql/migrations"_s) ? statements == 0 : statements != 1) {
            findings.push_back({file.path, 0, u"holds %1 statements"_s.arg(statements)});
        }
    }
    return findings;
}

} // namespace delta::architecture
