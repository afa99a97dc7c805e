// labels: architecture
// links: delta_architecture_rules
#include "tests/architecture/include_table.h"
#include "tests/architecture/rules.h"

#include <QtTest>

#include <algorithm>

using namespace delta::architecture;
using namespace Qt::StringLiterals;

namespace {

using Check = Findings (*)(const SourceTree &);

/// A small project to put samples into.
std::vector<SourceFile> smallProject()
{
    return {{u"gateway/CMakeLists.txt"_s,
             u"# delta_folder(gateway/ghost)\n"
             "delta_folder(gateway/ports USES shared/core)\n"
             "delta_folder(gateway/net USES shared/core gateway/ports LINKS Qt6::Core)\n"
             "delta_folder(gateway/store USES shared/core\n    gateway/ports LINKS Qt6::Sql)\n"
             "delta_folder(gateway/http USES gateway/net)\n"
             "delta_folder(gateway/app USES gateway/http)\n"_s},
            {u"shared/CMakeLists.txt"_s, u"delta_folder(shared/core LINKS Qt6::Core)\n"_s},
            {u"gateway/net/own.h"_s, u"#pragma once\nint own();\n"_s}};
}

Findings findingsOf(Check check, const QString &path, const QString &text)
{
    std::vector<SourceFile> files = smallProject();
    std::erase_if(files, [&path](const SourceFile &file) { return file.path == path; });
    files.emplace_back(path, text);
    return check(SourceTree(std::move(files)));
}

/// Makes a function with that many lines.
QString functionOf(int lines)
{
    return u"void f()\n{\n"_s + u"    g();\n"_s.repeated(lines - 3) + u"}\n"_s;
}

/// A file that a rule finds fault with, or not.
struct Sample {
    const char *name;
    Check check;
    QString path;
    QString text;
    int line; ///< Of the only finding; noFinding: the sample is good.
};
constexpr int noFinding = -1;

/// Collects the samples of one rule.
class Samples
{
public:
    Samples(std::vector<Sample> &all, Check check)
        : m_all(all)
        , m_check(check)
    {
    }
    void bad(const char *name, const QString &path, const QString &text, int line) const
    {
        m_all.push_back({name, m_check, path, text, line});
    }
    void good(const char *name, const QString &path, const QString &text) const
    {
        bad(name, path, text, noFinding);
    }

private:
    std::vector<Sample> &m_all;
    const Check m_check;
};

void addIncludeSamples(std::vector<Sample> &all)
{
    const Samples table(all, &includesOutsideTheTable);
    const QString store = u"gateway/store/a.cpp"_s;
    table.good("used folder", store,
               u"#include \"gateway/ports/x.h\"\n#include \"shared/core/x.h\"\n"_s);
    table.good("own folder", store, u"#include \"gateway/store/b.h\"\n"_s);
    table.good("own sub-folder", u"gateway/http/a.cpp"_s,
               u"#include \"gateway/http/transport/b.h\"\n"_s);
    table.good("from a sub-folder", u"gateway/http/transport/a.cpp"_s,
               u"#include \"gateway/net/b.h\"\n"_s);
    table.good("library", store, u"#include <QString>\n#include <vector>\n"_s);
    table.good("in a comment", store, u"// #include \"gateway/http/x.h\"\n"_s);
    table.good("main includes app", u"gateway/main.cpp"_s, u"#include \"gateway/app/app.h\"\n"_s);
    table.bad("unused folder", store, u"#include \"gateway/net/x.h\"\n"_s, 1);
    table.bad("upwards", u"gateway/net/a.h"_s, u"#pragma once\n#include \"gateway/http/x.h\"\n"_s,
              2);
    table.bad("shared includes gateway", u"shared/core/a.h"_s,
              u"#  include \"gateway/ports/x.h\"\n"_s, 1);
    table.bad("used only indirectly", u"gateway/app/a.cpp"_s, u"#include \"gateway/ports/x.h\"\n"_s,
              1);
    table.bad("relative path", store, u"#include \"b.h\"\n"_s, 1);
    table.bad("unknown folder", store, u"#include \"gateway/ghost/b.h\"\n"_s, 1);
    table.bad("file outside the table", u"gateway/ghost/a.cpp"_s,
              u"#include \"shared/core/x.h\"\n"_s, 1);
    table.bad("main includes more", u"gateway/main.cpp"_s, u"#include \"gateway/http/x.h\"\n"_s, 1);
}

void addLibrarySamples(std::vector<Sample> &all)
{
    const QString store = u"gateway/store/a.cpp"_s;
    const Samples adapters(all, &adaptersThatKnowEachOther);
    adapters.bad("adapter uses adapter", u"gateway/CMakeLists.txt"_s,
                 u"delta_folder(gateway/auth USES gateway/store)"_s, 0);
    adapters.good("adapter uses port", u"gateway/CMakeLists.txt"_s,
                  u"delta_folder(gateway/auth USES gateway/ports)"_s);
    const Samples libraries(all, &librariesOutsideTheirFolder);
    libraries.good("server in http", u"gateway/http/a.h"_s, u"#include <QHttpServerResponder>\n"_s);
    libraries.bad("server elsewhere", u"gateway/net/a.h"_s, u"#include <QAbstractHttpServer>\n"_s,
                  1);
    libraries.good("sql in store", store, u"#include <QSqlQuery>\n"_s);
    libraries.bad("sql elsewhere", u"gateway/app/a.cpp"_s, u"#include <QtSql/QSqlDatabase>\n"_s, 1);
    libraries.bad("network access manager", u"gateway/net/a.cpp"_s,
                  u"#include <QNetworkAccessManager>\n"_s, 1);
    libraries.good("curl in net", u"gateway/net/a.cpp"_s, u"#include <curl/curl.h>\n"_s);
    libraries.bad("curl elsewhere", u"gateway/app/a.cpp"_s, u"#include <curl/curl.h>\n"_s, 1);
}

void addFirstIncludeSamples(std::vector<Sample> &all)
{
    const Samples first(all, &sourcesThatBeginWithAnotherHeader);
    const QString own = u"gateway/net/own.cpp"_s;
    first.good("own header first", own,
               u"// why\n#include \"gateway/net/own.h\"\n\n#include <QString>\n"_s);
    first.good("no header of its own", u"gateway/net/other.cpp"_s, u"#include <QString>\n"_s);
    first.good("a header", u"gateway/net/own.h"_s, u"#pragma once\n#include <QString>\n"_s);
    first.bad("another header first", own,
              u"#include <QString>\n#include \"gateway/net/own.h\"\n"_s, 1);
    first.bad("a header of that name elsewhere", own, u"\n#include \"gateway/http/own.h\"\n"_s, 2);
    first.bad("no include at all", own, u"int x;\n"_s, 1);
}

void addWordSamples(std::vector<Sample> &all)
{
    const QString net = u"gateway/net/a.cpp"_s;
    const QString app = u"gateway/app/a.cpp"_s;
    const Samples single(all, &singletons);
    single.bad("singleton", app, u"\nFoo::instance().f();\n"_s, 2);
    single.bad("application outside net", app, u"QCoreApplication::instance();\n"_s, 1);
    single.good("application in net", net,
                u"QCoreApplication::instance();\nQAbstractEventDispatcher::instance();\n"_s);
    single.bad("singleton in net", net, u"Pool::instance();\n"_s, 1);
    single.good("in a text", app, u"f(\"A::instance()\");\n"_s);
    const Samples debug(all, &debugOutput);
    debug.bad("debug output", app,
              u"q"
              u"Debug() << 1;\n"_s,
              1);
    debug.bad("debug output in a test", u"tests/gateway/tst_a.cpp"_s,
              u"qC"
              u"Debug(x);\n"_s,
              1);
    debug.good("a type's name", app, u"void f(QDebug stream);\n"_s);
    const Samples left(all, &unfinishedWork);
    left.bad("left for later", app,
             u"// TO"
             u"DO(app): finish\n"_s,
             1);
    left.bad("in a script", u"dev"_s,
             u"\n# FIX"
             u"ME\n"_s,
             2);
    left.good("a word that holds it", app,
              u"int TO"
              u"DOWN;\n"_s);
    left.good("spoken of", u"CONTRIBUTING.md"_s,
              u"no `TO"
              u"DO` survives\n"_s);
    const Samples paths(all, &pathsOutsideTheProject);
    paths.bad("outside", app,
              u"// see ../"
              u"shared/x\n"_s,
              1);
    paths.bad("absolute", u"packaging/x.sh"_s,
              u"cd /wo"
              u"rk/main\n"_s,
              1);
    paths.good("another path", u"packaging/x.sh"_s,
               u"cd $HOME/wo"
               u"rk/ tests/net/wo"
               u"rk/x\n"_s);
}

void addMoneySamples(std::vector<Sample> &all)
{
    const QString app = u"gateway/app/a.cpp"_s;
    const Samples floats(all, &floatsNearMoney);
    floats.bad("double in the ledger", u"gateway/ledger/a.cpp"_s, u"\ndouble x = 1;\n"_s, 2);
    floats.bad("float in billing", u"shared/billing/a.h"_s, u"float x;\n"_s, 1);
    floats.bad("double in Money", u"shared/core/money.h"_s, u"double toDouble();\n"_s, 1);
    floats.bad("a fraction", u"shared/billing/a.cpp"_s, u"auto x = 0.5 * y;\n"_s, 1);
    floats.good("in a comment", u"gateway/ledger/a.cpp"_s, u"// no double here\n"_s);
    floats.good("elsewhere", app, u"double load = 0.5;\n"_s);
}

void addProviderSamples(std::vector<Sample> &all)
{
    const QString app = u"gateway/app/a.cpp"_s;
    const Samples names(all, &providerNames);
    names.bad("in a text", app, u"f(\"Anthropic\");\n"_s, 1);
    names.bad("in a name", u"shared/core/a.h"_s, u"class GroqClient;\n"_s, 1);
    names.bad("in an enumerator", app, u"\nBedrock,\n"_s, 2);
    names.bad("the wire format's name as text", app, u"f(\"openai\");\n"_s, 1);
    names.bad("in a variable", app, u"int openaiCount;\n"_s, 1);
    names.good("in a comment", app, u"// as Anthropic does\n"_s);
    names.good("in the provider folder", u"gateway/providers/a.cpp"_s, u"f(\"anthropic\");\n"_s);
    names.good("in a test", u"tests/gateway/tst_a.cpp"_s, u"f(\"anthropic\");\n"_s);
    names.good("in data", u"shared/billing/prices.json"_s, u"{\"anthropic\": 1}\n"_s);
    names.good(
        "the wire format's namespace", app,
        u"#include \"gateway/openai/x.h\"\nnamespace delta::openai {\nopenai::Answer a;\n"_s);
    names.good("what people call the wire format", app,
               u"f(\"any OpenAI-compatible client\");\n"_s);
    names.good("in the vocabulary of a configuration", u"gateway/config/a_keys.cpp"_s,
               u"f(\"azure_ad_token\");\n"_s);
    names.bad("in a name of the configuration's code", u"gateway/config/a.cpp"_s,
              u"int azureCount;\n"_s, 1);
    names.good("a secret manager where secrets are", u"gateway/secrets/a.cpp"_s,
               u"AzureKeyVault v(\"azure.keyvault\", \"AZURE_CLIENT_ID\");\n"_s);
    names.bad("a secret manager elsewhere", app, u"f(\"azure.keyvault\");\n"_s, 1);
    names.bad("a provider where secrets are", u"gateway/secrets/a.cpp"_s,
              u"\nf(\"azure_ad_token\");\n"_s, 2);
    names.good("within a word", app, u"bool isCoherent;\n"_s);
}

void addSizeSamples(std::vector<Sample> &all)
{
    const QString app = u"gateway/app/a.cpp"_s;
    const Samples files(all, &tooLongFiles);
    files.good("500 lines", app, u"x\n"_s.repeated(500));
    files.bad("501 lines", app, u"x\n"_s.repeated(501), 0);
    files.bad("501 lines without the last line feed", app, u"x\n"_s.repeated(500) + u'x', 0);
    files.bad("501 lines of test", u"tests/tst_a.cpp"_s, u"x\n"_s.repeated(501), 0);
    files.good("data", u"shared/billing/prices.json"_s, u"x\n"_s.repeated(5000));
    const Samples most(all, &tooManyLongFiles);
    most.good("300 lines", app, u"x\n"_s.repeated(300));
    most.bad("one of one is too long", app, u"x\n"_s.repeated(301), 0);
    const Samples functions(all, &tooLongFunctions);
    functions.good("60 lines", app, functionOf(60));
    functions.bad("61 lines", app, u"\n"_s + functionOf(61), 2);
    functions.bad("in a header", u"gateway/app/a.h"_s,
                  u"class A {\n"_s + functionOf(61) + u"};\n"_s, 2);
    functions.bad("in a test", u"tests/tst_a.cpp"_s, functionOf(61), 1);
    functions.good("table of test data", u"tests/tst_a.cpp"_s,
                   functionOf(99).replace(u"f()"_s, u"f_data()"_s));
    functions.bad("no table outside tests", app, functionOf(61).replace(u"f()"_s, u"f_data()"_s),
                  1);
    const Samples advice(all, &functionsWithManyParameters);
    advice.good("four parameters", app, u"void f(int a, int b, int c, int d)\n{\n}\n"_s);
    advice.bad("five parameters", app, u"void f(int a, int b, int c, int d, int e)\n{\n}\n"_s, 1);
}

void addDocumentSamples(std::vector<Sample> &all)
{
    const Samples guard(all, &headersWithoutGuard);
    const QString header = u"gateway/app/a.h"_s;
    guard.good("guard", header, u"// Says what.\n#pragma once\n\nint f();\n"_s);
    guard.bad("no guard", header, u"#include <x>\n"_s, 1);
    guard.bad("late guard", header, u"#include <x>\n#pragma once\n"_s, 1);
    guard.good("source", u"gateway/app/a.cpp"_s, u"int f();\n"_s);
    const Samples docs(all, &typesWithoutDocstring);
    docs.good("documented", header, u"/// Is something.\nclass A\n{\n};\n"_s);
    docs.good("template", header, u"/// Is something.\ntemplate <typename T>\nstruct A {\n};\n"_s);
    docs.good("specialization", header, u"template <>\nstruct A<int> {\n};\n"_s);
    docs.good("forward declaration", header, u"class A;\n"_s);
    docs.good("nested", header, u"/// Is something.\nclass A\n{\n    struct B {\n    };\n};\n"_s);
    docs.good("in a source", u"gateway/app/a.cpp"_s, u"class A\n{\n};\n"_s);
    docs.bad("class", header, u"namespace a {\n\nclass A\n{\n};\n}\n"_s, 3);
    docs.bad("struct behind a plain comment", header, u"// Is something.\nstruct A {\n};\n"_s, 2);
    docs.bad("enumeration", header, u"int x;\nenum class A { B };\n"_s, 2);
    docs.bad("template without", header, u"template <typename T>\nclass A\n{\n};\n"_s, 1);
    const Samples sql(all, &unrulySql);
    const QString query = u"sql/queries/a.sql"_s;
    sql.good("one statement", query, u"-- Gets it; all of it.\nSELECT ';' FROM a\n"_s);
    sql.good("with a semicolon", query, u"-- Gets it.\nSELECT a;\n"_s);
    sql.bad("two statements", query, u"-- Gets it.\nSELECT a; SELECT b\n"_s, 0);
    sql.bad("nothing", query, u"-- Gets it.\n"_s, 0);
    sql.bad("no comment", query, u"SELECT a\n"_s, 1);
    sql.good("migration", u"sql/migrations/1.sql"_s, u"-- Makes it.\nCREATE a; CREATE b;\n"_s);
}

std::vector<Sample> allSamples()
{
    std::vector<Sample> all;
    for (const auto add :
         {addIncludeSamples, addLibrarySamples, addFirstIncludeSamples, addWordSamples,
          addMoneySamples, addProviderSamples, addSizeSamples, addDocumentSamples}) {
        add(all);
    }
    return all;
}

} // namespace

Q_DECLARE_METATYPE(Check)

/// A rule that cannot fail is worth nothing: each has samples that break it and samples that do
/// not.
class RulesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void judgesSamples_data()
    {
        QTest::addColumn<Check>("check");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("line");
        for (const Sample &sample : allSamples()) {
            QTest::newRow(sample.name) << sample.check << sample.path << sample.text << sample.line;
        }
    }

    void judgesSamples()
    {
        QFETCH(Check, check);
        QFETCH(QString, path);
        QFETCH(QString, text);
        QFETCH(int, line);
        const Findings findings = findingsOf(check, path, text);
        if (line == noFinding) {
            QVERIFY2(findings.empty(), findings.empty() ? "" : qPrintable(findings[0].text()));
            return;
        }
        QCOMPARE(findings.size(), std::size_t{1});
        QCOMPARE(findings[0].path, path);
        QCOMPARE(findings[0].line, line);
    }

    void toleratesOneLongFileInTwenty()
    {
        std::vector<SourceFile> files;
        files.emplace_back(u"gateway/app/long.cpp"_s, u"x\n"_s.repeated(301));
        for (int index = 0; index < 18; ++index) {
            files.emplace_back(u"gateway/app/%1.cpp"_s.arg(index), u"x\n"_s);
        }
        QCOMPARE(tooManyLongFiles(SourceTree(files)).size(), std::size_t{1});
        files.emplace_back(u"gateway/app/last.cpp"_s, u"x\n"_s);
        QVERIFY(tooManyLongFiles(SourceTree(files)).empty());
    }

    void wantsShortReadmes()
    {
        std::vector<SourceFile> files = smallProject();
        for (const QString &folder :
             {u"gateway/ports"_s, u"gateway/net"_s, u"gateway/store"_s, u"gateway/http"_s,
              u"gateway/app"_s, u"shared/core"_s, u"tests"_s, u"tests/support"_s}) {
            files.emplace_back(folder + u"/README.md"_s, u"line\n"_s.repeated(12));
        }
        QVERIFY(foldersWithoutReadme(SourceTree(files)).empty());
        files.back() = SourceFile(u"tests/support/README.md"_s, u"line\n"_s.repeated(13));
        QCOMPARE(foldersWithoutReadme(SourceTree(files)).at(0).path, u"tests/support/README.md"_s);
        files.back() = SourceFile(u"tests/support/x.h"_s, {});
        QCOMPARE(foldersWithoutReadme(SourceTree(files)).at(0).path, u"tests/support"_s);
        std::erase_if(files, [](const SourceFile &file) {
            return file.path == u"gateway/ports/README.md"_s;
        });
        QCOMPARE(foldersWithoutReadme(SourceTree(files)).at(0).path, u"gateway/ports"_s);
    }

    void readsTheIncludeTable()
    {
        const IncludeTable table{SourceTree(smallProject())};
        QCOMPARE(table.folders().size(), 6);
        QCOMPARE(table.usedBy(u"gateway/store"_s),
                 (QStringList{u"shared/core"_s, u"gateway/ports"_s}));
        QCOMPARE(table.usedBy(u"shared/core"_s), QStringList());
        QCOMPARE(table.folderOf(u"gateway/http/transport/x.h"_s), u"gateway/http"_s);
        QCOMPARE(table.folderOf(u"gateway/httpx/x.h"_s), QString());
    }

    void hasABadSampleForEveryRule_data()
    {
        QTest::addColumn<Check>("check");
        for (const Rule &rule : rules()) {
            QTest::newRow(rule.name) << rule.check;
        }
    }

    void hasABadSampleForEveryRule()
    {
        QFETCH(Check, check);
        if (check == &foldersWithoutReadme) {
            return; // Says what is missing: see wantsShortReadmes().
        }
        const auto isBad = [check](const Sample &sample) {
            return sample.check == check && sample.line != noFinding;
        };
        QVERIFY(std::ranges::any_of(allSamples(), isBad));
        QVERIFY(check(SourceTree(smallProject())).empty());
    }
};

QTEST_GUILESS_MAIN(RulesTest)
#include "tst_rules.moc"
