// labels: hostile
#include "gateway/auth/authenticator.h"
#include "tests/gateway/auth/auth_fakes.h"

#include <QFile>
#include <QtTest>
#include <unistd.h>

using namespace delta;
using namespace delta::auth;

namespace {

constexpr int sprays = 91'000;

/// Returns the resident memory of this process in bytes (proc(5), statm).
qint64 residentBytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    return file.open(QIODevice::ReadOnly)
        ? file.readAll().split(' ').value(1).toLongLong() * ::sysconf(_SC_PAGESIZE)
        : -1;
}

} // namespace

/// An attacker who tries keys must leave no trace in memory and never reach the store.
class KeySprayTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void leavesNoTraceInMemoryOrStore()
    {
        VirtualKey key;
        key.id = QStringLiteral("00000001");
        m_store.keys = {test::storedKey(m_pepper, "sk-good-0123456789abcdef", key)};
        QVERIFY(m_keys.load(m_store));
        QCOMPARE(m_store.calls, 2); // Those of load().
        spray(0, 2000);             // Allocators and lazily bound code settle first.
        const qint64 before = residentBytes();
        QVERIFY(before > 0);
        spray(2000, sprays);
        const qint64 growth = residentBytes() - before;
        QCOMPARE(m_refused, sprays);
        QCOMPARE(m_keys.size(), 1);
        QCOMPARE(m_store.calls, 2); // Those of load().
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        qInfo("A sanitizer keeps freed memory; %lld bytes of growth tell nothing.", growth);
#else
        QVERIFY2(growth <= 1024 * 1024, QByteArray::number(growth).constData());
#endif
        QVERIFY(isKnown("sk-good-0123456789abcdef"));
    }

private:
    /// Tries keys of every form in turn: well-formed, misspelt, imported, nonsense.
    void spray(int from, int to)
    {
        for (int index = from; index < to; ++index) {
            QByteArray text = index % 4 == 2
                ? "sk-" + QByteArray::number(index).rightJustified(40, 'x')
                : issueKey(m_random).text.reveal();
            if (index % 4 == 1) {
                text.replace(60, 5, "00000");
            } else if (index % 4 == 3) {
                text = text.toHex();
            }
            m_refused += isKnown(text) ? 0 : 1;
        }
    }
    [[nodiscard]] bool isKnown(const QByteArray &text) const
    {
        ports::HttpRequest request;
        request.fields.emplace_back("x-api-key", text);
        return m_authenticator.identify(request).has_value();
    }

    SystemRandom m_random;
    test::ListKeyStore m_store;
    KeyDirectory m_keys;
    Pepper m_pepper = test::fixedPepper();
    test::StoppedClock m_clock;
    Authenticator m_authenticator{{m_keys, m_pepper, m_clock}, Secret("sk-master-1234")};
    int m_refused = 0;
};

QTEST_GUILESS_MAIN(KeySprayTest)
#include "tst_key_spray.moc"
