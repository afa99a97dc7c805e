#include "tests/architecture/include_table.h"
#include "tests/architecture/rules.h"

#include <QRegularExpression>
#include <QSet>

#include <array>

namespace delta::architecture {

using namespace Qt::StringLiterals;

namespace {

/// One `#include` of a file.
struct Include {
    QString target; ///< Between the quotes or angle brackets.
    bool isQuoted = false;
    int line = 0;
};

std::vector<Include> includesOf(const SourceFile &file)
{
    static const QRegularExpression include(
        u"^[ \\t]*#[ \\t]*include[ \\t]*([\"<])([^\">]+)[\">]"_s,
        QRegularExpression::MultilineOption);
    std::vector<Include> includes;
    for (auto match = include.globalMatch(file.code); match.hasNext();) {
        const auto found = match.next();
        includes.push_back({found.captured(2), found.captured(1) == u"\"",
                            lineAt(file.code, found.capturedStart())});
    }
    return includes;
}

/// Returns what is wrong with an include between quotes; empty if nothing.
QString problemOf(const IncludeTable &table, const SourceFile &file, const QString &target)
{
    const QString to = table.folderOf(target);
    if (to.isEmpty()) {
        return u"\"%1\" is not in a folder of the include table"_s.arg(target);
    }
    if (file.path == u"gateway/main.cpp") {
        return to == u"gateway/app" ? QString() : u"main.cpp includes gateway/app only"_s;
    }
    const QString from = table.folderOf(file.path);
    if (from.isEmpty()) {
        return u"the file is in no folder of the include table"_s;
    }
    return from == to || table.usedBy(from).contains(to) ? QString()
                                                         : u"%1 may not include %2"_s.arg(from, to);
}

/// A library that one folder wraps for all others.
struct Library {
    QRegularExpression header;
    QString home; ///< Empty: nowhere.
};

const std::array<Library, 4> &libraries()
{
    static const std::array table{
        Library{QRegularExpression(u"^(QtHttpServer/)?Q(Abstract)?HttpServer|^QHttpServer"_s),
                u"gateway/http"_s},
        Library{QRegularExpression(u"^(QtSql/)?QSql"_s), u"gateway/store"_s},
        Library{QRegularExpression(u"^(QtNetwork/)?QNetwork(AccessManager|Reply|Request)"_s),
                QString()},
        Library{QRegularExpression(u"^curl/"_s), u"gateway/net"_s},
    };
    return table;
}

bool isGatewayOrShared(const SourceFile &file)
{
    return file.isCpp() && (file.isIn(u"gateway"_s) || file.isIn(u"shared"_s));
}

} // namespace

Findings includesOutsideTheTable(const SourceTree &tree)
{
    const IncludeTable table(tree);
    Findings findings;
    for (const SourceFile &file : tree.files()) {
        if (!isGatewayOrShared(file)) {
            continue;
        }
        for (const Include &include : includesOf(file)) {
            const QString problem = include.isQuoted ? problemOf(table, file, include.target)
                                                     : QString();
            if (!problem.isEmpty()) {
                findings.push_back({file.path, include.line, problem});
            }
        }
    }
    return findings;
}

/// Holds even if somebody widens the table itself.
Findings adaptersThatKnowEachOther(const SourceTree &tree)
{
    const QStringList adapters{u"gateway/auth"_s,      u"gateway/limits"_s, u"gateway/routing"_s,
                               u"gateway/providers"_s, u"gateway/store"_s,  u"gateway/ledger"_s,
                               u"gateway/telemetry"_s, u"gateway/alerts"_s};
    const IncludeTable table(tree);
    Findings findings;
    for (const QString &adapter : adapters) {
        for (const QString &used : table.usedBy(adapter)) {
            if (adapters.contains(used)) {
                findings.push_back(
                    {u"gateway/CMakeLists.txt"_s, 0, u"%1 uses %2"_s.arg(adapter, used)});
            }
        }
    }
    return findings;
}

Findings librariesOutsideTheirFolder(const SourceTree &tree)
{
    Findings findings;
    for (const SourceFile &file : tree.files()) {
        if (!isGatewayOrShared(file)) {
            continue;
        }
        for (const Include &include : includesOf(file)) {
            for (const Library &library : libraries()) {
                const bool isHome = !library.home.isEmpty() && file.isIn(library.home);
                if (!isHome && library.header.match(include.target).hasMatch()) {
                    const QString where = library.home.isEmpty() ? u"nowhere"_s
                                                                 : u"in "_s + library.home;
                    findings.push_back(
                        {file.path, include.line, u"<%1> belongs %2"_s.arg(include.target, where)});
                }
            }
        }
    }
    return findings;
}

Findings sourcesThatBeginWithAnotherHeader(const SourceTree &tree)
{
    QSet<QString> paths;
    for (const SourceFile &file : tree.files()) {
        paths.insert(file.path);
    }
    Findings findings;
    for (const SourceFile &file : tree.files()) {
        const QString header = file.path.chopped(file.path.endsWith(u".cpp"_s) ? 4 : 0) + u".h"_s;
        if (!isGatewayOrShared(file) || !paths.contains(header)) {
            continue;
        }
        const std::vector<Include> includes = includesOf(file);
        if (includes.empty() || includes.front().target != header) {
            findings.push_back({file.path, includes.empty() ? 1 : includes.front().line,
                                u"the first #include is not \"%1\""_s.arg(header)});
        }
    }
    return findings;
}

} // namespace delta::architecture
