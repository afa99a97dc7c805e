// labels: architecture
// links: delta_architecture_rules
#include "tests/architecture/rules.h"

#include <QtTest>

using namespace delta::architecture;

/// Holds the project to its rules. What a rule is worth is tested in tst_rules.cpp.
class ArchitectureTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheProject()
    {
        QVERIFY(m_tree.find(QStringLiteral("gateway/CMakeLists.txt")));
        QVERIFY(m_tree.find(QStringLiteral("shared/core/money.h")));
        QVERIFY(m_tree.production().size() > 20);
        QVERIFY(m_tree.cpp().size() > m_tree.production().size());
    }

    void followsItsRules_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t index = 0; index < rules().size(); ++index) {
            QTest::newRow(rules()[index].name) << static_cast<int>(index);
        }
    }

    void followsItsRules()
    {
        QFETCH(int, index);
        const Findings findings = rules()[static_cast<std::size_t>(index)].check(m_tree);
        QStringList texts;
        for (const Finding &finding : findings) {
            texts.append(finding.text());
        }
        QVERIFY2(findings.empty(), qPrintable(u'\n' + texts.join(u'\n')));
    }

    void advisesAgainstManyParameters()
    {
        for (const Finding &finding : functionsWithManyParameters(m_tree)) {
            qInfo("%s: a struct would read better", qPrintable(finding.text()));
        }
    }

private:
    const SourceTree m_tree = SourceTree::fromDisk(QStringLiteral(DELTA_SOURCE_DIR));
};

QTEST_GUILESS_MAIN(ArchitectureTest)
#include "tst_architecture.moc"
