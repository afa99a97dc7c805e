#include "tests/architecture/rules.h"
#include "tests/architecture/scope_scanner.h"

namespace delta::architecture {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype fileLimit = 500;
constexpr qsizetype longFile = 300;
constexpr int functionLimit = 60;
constexpr int parameterLimit = 4;

qsizetype lineCount(const SourceFile &file)
{
    return file.text.count(u'\n') + (file.text.endsWith(u'\n') || file.text.isEmpty() ? 0 : 1);
}

/// Tables of test data are data.
bool isTestData(const SourceFile &file, const Scope &scope)
{
    return file.isIn(u"tests"_s) && scope.functionName().endsWith(u"_data");
}

} // namespace

Findings tooLongFiles(const SourceTree &tree)
{
    Findings findings;
    for (const SourceFile *file : tree.cpp()) {
        if (lineCount(*file) > fileLimit) {
            findings.push_back({file->path, 0, u"%1 lines"_s.arg(lineCount(*file))});
        }
    }
    return findings;
}

Findings tooManyLongFiles(const SourceTree &tree)
{
    Findings findings;
    const auto files = tree.production();
    for (const SourceFile *file : files) {
        if (lineCount(*file) > longFile) {
            findings.push_back({file->path, 0, u"%1 lines"_s.arg(lineCount(*file))});
        }
    }
    return findings.size() * 20 > files.size() ? findings : Findings();
}

Findings tooLongFunctions(const SourceTree &tree)
{
    Findings findings;
    for (const SourceFile *file : tree.cpp()) {
        for (const Scope &scope : scanScopes(file->bare)) {
            if (scope.kind == ScopeKind::Function && scope.lines() > functionLimit
                && !isTestData(*file, scope)) {
                findings.push_back(
                    {file->path, scope.firstLine,
                     u"%1() has %2 lines"_s.arg(scope.functionName()).arg(scope.lines())});
            }
        }
    }
    return findings;
}

Findings functionsWithManyParameters(const SourceTree &tree)
{
    Findings findings;
    for (const SourceFile *file : tree.production()) {
        for (const Scope &scope : scanScopes(file->bare)) {
            if (scope.kind == ScopeKind::Function && scope.parameterCount() > parameterLimit) {
                findings.push_back({file->path, scope.firstLine,
                                    u"%1() has %2 parameters"_s.arg(scope.functionName())
                                        .arg(scope.parameterCount())});
            }
        }
    }
    return findings;
}

} // namespace delta::architecture
