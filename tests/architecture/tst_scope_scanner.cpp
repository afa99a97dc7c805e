// labels: architecture
// links: delta_architecture_rules
#include "tests/architecture/scope_scanner.h"
#include "tests/architecture/source_tree.h"

#include <QtTest>

using namespace delta::architecture;
using namespace Qt::StringLiterals;

namespace {

/// Writes the scopes of a text as "kind name first-last", one per part.
QString scopesOf(const QString &text)
{
    static const QHash<ScopeKind, QString> kinds{{ScopeKind::Namespace, u"namespace"_s},
                                                 {ScopeKind::Type, u"type"_s},
                                                 {ScopeKind::Enumeration, u"enum"_s},
                                                 {ScopeKind::Function, u"function"_s},
                                                 {ScopeKind::Other, u"other"_s}};
    QStringList parts;
    for (const Scope &scope : scanScopes(SourceFile(u"x.cpp"_s, text).bare)) {
        const QString name = scope.kind == ScopeKind::Function ? u' ' + scope.functionName()
                                                               : QString();
        parts.append(
            u"%1%2 %3-%4"_s.arg(kinds[scope.kind], name).arg(scope.firstLine).arg(scope.lastLine));
    }
    return parts.join(u", "_s);
}

} // namespace

class ScopeScannerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void measuresScopes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("scopes");
        QTest::newRow("function") << u"int f()\n{\n}\n"_s << u"function f 1-3"_s;
        QTest::newRow("over several lines")
            << u"\nint f(int a,\n      int b)\n{\n    return a;\n}\n"_s << u"function f 2-6"_s;
        QTest::newRow("blocks belong to their function")
            << u"void f()\n{\n    if (a) {\n        b();\n    }\n}"_s << u"function f 1-6"_s;
        QTest::newRow("lambdas belong to their function")
            << u"void f()\n{\n    g([] {\n    });\n}"_s << u"function f 1-5"_s;
        QTest::newRow("local types belong to their function")
            << u"void f()\n{\n    struct A {\n        void g() {}\n    };\n}"_s
            << u"function f 1-6"_s;
        QTest::newRow("within namespaces") << u"namespace a::b {\nnamespace {\nvoid f() {}\n}\n}"_s
                                           << u"namespace 1-5, namespace 2-4, function f 3-3"_s;
        QTest::newRow("methods")
            << u"class A final : public B\n{\npublic:\n    int f() const\n    {\n    }\n};"_s
            << u"type 1-7, function f 4-6"_s;
        QTest::newRow("slots")
            << u"class A {\n    Q_OBJECT\n\nprivate Q_SLOTS:\n    void f()\n    {\n    }\n};"_s
            << u"type 1-8, function f 5-7"_s;
        QTest::newRow("qualified")
            << u"auto A::f() noexcept -> std::vector<int>\n{\n}"_s << u"function A::f 1-3"_s;
        QTest::newRow("constructor")
            << u"A::A(int a)\n    : m_a(a)\n    , m_b(f(a))\n{\n}"_s << u"function A::A 1-5"_s;
        QTest::newRow("constructor with braces")
            << u"A::A(int a)\n    : m_a{a}\n    , m_b{1, {2}}\n{\n    g();\n}"_s
            << u"function A::A 1-6"_s;
        QTest::newRow("destructor") << u"A::~A()\n{\n}"_s << u"function A::~A 1-3"_s;
        QTest::newRow("template") << u"template <typename T, class U = X<Y>>\nvoid f(T t)\n{\n}"_s
                                  << u"function f 1-4"_s;
        QTest::newRow("constrained")
            << u"template <typename T>\n    requires(C<T>)\nvoid f(T t)\n{\n}"_s
            << u"function f 1-5"_s;
        QTest::newRow("operator") << u"bool operator()(int a) const\n{\n}"_s
                                  << u"function operator() 1-3"_s;
        QTest::newRow("enumeration") << u"enum class A : int {\n    B,\n};"_s << u"enum 1-3"_s;
        QTest::newRow("aligned type")
            << u"struct alignas(64) A {\n    int b = 0;\n};"_s << u"type 1-3"_s;
        QTest::newRow("member with initialiser")
            << u"struct A {\n    std::function<void()> b{};\n    void f() {}\n};"_s
            << u"type 1-4, other 2-2, function f 3-3"_s;
        QTest::newRow("table")
            << u"constexpr std::array<R, size(x)> rows{\n    R{1},\n    R{2},\n};\nvoid f() {}"_s
            << u"other 1-4, function f 5-5"_s;
        QTest::newRow("assigned table")
            << u"const std::map<A, B> m = {\n    {1, f(2)},\n};\nvoid f() {}"_s
            << u"other 1-3, function f 4-4"_s;
        QTest::newRow("braces in texts and comments")
            << u"void f()\n{\n    g(\"}\", '}'); // }\n    /* } */\n}"_s << u"function f 1-5"_s;
        QTest::newRow("macros") << u"#define X() { \\\n  {\nvoid f()\n{\n}"_s
                                << u"function f 3-5"_s;
        QTest::newRow("declarations only")
            << u"class A;\nint f(int a);\nextern int b;"_s << QString();
        QTest::newRow("after a declaration")
            << u"int g();\n\n// Says why.\nint f()\n{\n}"_s << u"function f 4-6"_s;
    }

    void measuresScopes()
    {
        QFETCH(QString, text);
        QFETCH(QString, scopes);
        QCOMPARE(scopesOf(text), scopes);
    }

    void countsParameters_data()
    {
        QTest::addColumn<QString>("head");
        QTest::addColumn<int>("count");
        QTest::newRow("none") << u"void f()"_s << 0;
        QTest::newRow("one") << u"void f(int a)"_s << 1;
        QTest::newRow("three") << u"void f(int a, B b, C c)"_s << 3;
        QTest::newRow("commas in types")
            << u"void f(std::map<A, B> a, std::function<void(A, B)> b)"_s << 2;
        QTest::newRow("commas in defaults") << u"void f(int a = g(1, 2), B b = {3, 4})"_s << 2;
        QTest::newRow("call operator") << u"int operator()(int a, int b)"_s << 2;
        QTest::newRow("initialisers do not count") << u"A::A(int a) : m_a(a, 1), m_b(2)"_s << 1;
    }

    void countsParameters()
    {
        QFETCH(QString, head);
        QFETCH(int, count);
        QCOMPARE(scanScopes(head + u" {}"_s).at(0).parameterCount(), count);
    }
};

QTEST_GUILESS_MAIN(ScopeScannerTest)
#include "tst_scope_scanner.moc"
