#include "gateway/auth/key_directory.h"
#include "tests/gateway/auth/auth_fakes.h"

#include <malloc.h>
#include <QtTest>

#include <atomic>
#include <thread>

using namespace delta;
using namespace delta::auth;
using namespace Qt::StringLiterals;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool isSanitized = true; // Their allocators tell nothing about memory use.
#else
constexpr bool isSanitized = false;
#endif

class KeyDirectoryTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsWhatTheStoreHolds()
    {
        test::ListKeyStore store;
        store.keys = {make("sk-one", u"00000001"_s), make("sk-two", u"00000002"_s)};
        KeyDirectory directory;
        QVERIFY(directory.load(store));
        QCOMPARE(directory.size(), 2);
        const auto key = directory.lookup(m_pepper.mac("sk-one"));
        QVERIFY(key);
        QCOMPARE(key->id, "00000001");
        QCOMPARE(directory.find(u"00000002"_s), directory.lookup(m_pepper.mac("sk-two")));
    }

    void carriesAllThatACallNeeds()
    {
        ports::StoredKey stored = make("sk-one", u"größe"_s);
        VirtualKey &key = stored.key;
        key.userId = u"u"_s;
        key.teamId = u"t"_s;
        key.organizationId = u"o"_s;
        key.models = {u"fast"_s, u"größe-1"_s};
        key.tags = {u"a"_s, u"b"_s};
        key.limits.requestsPerMinute = 7;
        key.expiresAt = WallTime(std::chrono::milliseconds(99));
        key.blocked = true;
        KeyDirectory directory;
        QVERIFY(directory.put(stored));
        const auto facts = directory.lookup(m_pepper.mac("sk-one"));
        QVERIFY(facts);
        QCOMPARE(facts->id, u"größe"_s.toUtf8());
        QCOMPARE(facts->userId, "u");
        QCOMPARE(facts->teamId, "t");
        QCOMPARE(facts->organizationId, "o");
        const KeyTerms terms{{"fast", u"größe-1"_s.toUtf8()}, "a\nb", {}, key.limits};
        QCOMPARE(*facts->terms, terms);
        QCOMPARE(facts->expiresAt, *key.expiresAt);
        QVERIFY(facts->isBlocked);
    }

    void neverExpiresUnlessItSaysSo()
    {
        KeyDirectory directory;
        QVERIFY(directory.put(make("sk-one", u"00000001"_s)));
        QCOMPARE(directory.find(u"00000001"_s)->expiresAt, WallTime::max());
    }

    void doesNotKnowOthers()
    {
        KeyDirectory directory;
        QVERIFY(!directory.lookup(m_pepper.mac("sk-one")));
        QVERIFY(!directory.find(u"00000001"_s));
        QVERIFY(directory.put(make("sk-one", u"00000001"_s)));
        QVERIFY(!directory.lookup(m_pepper.mac("sk-One")));
        QVERIFY(!directory.find(u"00000002"_s));
    }

    void forgetsWhatTheStoreNoLongerHolds()
    {
        test::ListKeyStore store;
        KeyDirectory directory;
        QVERIFY(directory.put(make("sk-one", u"00000001"_s)));
        QVERIFY(directory.load(store));
        QCOMPARE(directory.size(), 0);
        QVERIFY(!directory.lookup(m_pepper.mac("sk-one")));
    }

    void replacesAKeyByItsId()
    {
        KeyDirectory directory;
        QVERIFY(directory.put(make("sk-one", u"00000001"_s)));
        ports::StoredKey blocked = make("sk-one", u"00000001"_s);
        blocked.key.blocked = true;
        QVERIFY(directory.put(blocked));
        QCOMPARE(directory.size(), 1);
        QVERIFY(directory.lookup(m_pepper.mac("sk-one"))->isBlocked);
    }

    void makesTheOldTextOfAReplacedKeyUnknown()
    {
        KeyDirectory directory;
        QVERIFY(directory.put(make("sk-old", u"00000001"_s)));
        QVERIFY(directory.put(make("sk-new", u"00000001"_s)));
        QCOMPARE(directory.size(), 1);
        QVERIFY(!directory.lookup(m_pepper.mac("sk-old")));
        QVERIFY(directory.lookup(m_pepper.mac("sk-new")));
    }

    void removesAKeyByItsId()
    {
        KeyDirectory directory;
        QVERIFY(directory.put(make("sk-one", u"00000001"_s)));
        const auto inUse = directory.lookup(m_pepper.mac("sk-one"));
        QVERIFY(directory.remove(u"00000001"_s));
        QVERIFY(!directory.remove(u"00000001"_s));
        QVERIFY(!directory.lookup(m_pepper.mac("sk-one")));
        QCOMPARE(inUse->id, "00000001"); // Calls under way keep what they hold.
    }

    void givesTheTextOfAKeyToAnother()
    {
        KeyDirectory directory;
        QVERIFY(directory.put(make("sk-one", u"00000001"_s)));
        QVERIFY(directory.put(make("sk-one", u"00000002"_s)));
        QCOMPARE(directory.size(), 1);
        QVERIFY(!directory.find(u"00000001"_s));
        QCOMPARE(directory.lookup(m_pepper.mac("sk-one"))->id, "00000002");
    }

    void readsOnlyWhatChanged()
    {
        test::ListKeyStore store;
        store.keys = {make("sk-one", u"00000001"_s), make("sk-two", u"00000002"_s)};
        KeyDirectory directory;
        QVERIFY(!directory.mark());
        QVERIFY(directory.refresh(store));
        QCOMPARE(store.fullReads, 1);
        store.keys = {make("sk-new", u"00000001"_s), make("sk-three", u"00000003"_s)};
        store.changed = {u"00000001"_s, u"00000002"_s, u"00000003"_s, u"00000003"_s};
        QVERIFY(directory.refresh(store));
        QCOMPARE(store.fullReads, 1);
        QCOMPARE(directory.mark(), store.keyMark().value());
        QCOMPARE(directory.size(), 2);
        QVERIFY(!directory.lookup(m_pepper.mac("sk-one")));
        QVERIFY(!directory.lookup(m_pepper.mac("sk-two")));
        QCOMPARE(directory.lookup(m_pepper.mac("sk-new"))->id, "00000001");
        QCOMPARE(directory.lookup(m_pepper.mac("sk-three"))->id, "00000003");
    }

    void readsAllWhereTheStoreDoesNotKnowWhatChanged()
    {
        test::ListKeyStore store;
        store.keys = {make("sk-one", u"00000001"_s)};
        KeyDirectory directory;
        QVERIFY(directory.refresh(store));
        store.keys = {make("sk-two", u"00000002"_s)};
        ++store.stamp;
        QVERIFY(directory.refresh(store));
        QCOMPARE(store.fullReads, 2);
        QCOMPARE(directory.size(), 1);
        QVERIFY(directory.lookup(m_pepper.mac("sk-two")));
    }

    void readsAChangeAgainThatCouldNotBeUsed()
    {
        test::ListKeyStore store;
        KeyDirectory directory;
        QVERIFY(directory.refresh(store));
        store.keys = {make("sk-one", u"00000001"_s)};
        store.changed = {u"00000001"_s};
        QVERIFY(!directory.refresh(store, [] {
            return Result<void>(failure(ApiError::storeUnavailable(u"no limits"_s)));
        }));
        QVERIFY(!directory.lookup(m_pepper.mac("sk-one")));
        QVERIFY(directory.refresh(store));
        QVERIFY(directory.lookup(m_pepper.mac("sk-one")));
    }

    void preparesForKeysBeforeItKnowsThem()
    {
        test::ListKeyStore store;
        KeyDirectory directory;
        QVERIFY(directory.refresh(store));
        store.keys = {make("sk-one", u"00000001"_s)};
        store.changed = {u"00000001"_s};
        int calls = 0;
        bool wasKnown = true;
        QVERIFY(directory.refresh(store, [&] {
            ++calls;
            wasKnown = directory.lookup(m_pepper.mac("sk-one")) != nullptr;
            return Result<void>();
        }));
        QCOMPARE(calls, 1);
        QVERIFY(!wasKnown);
    }

    void keepsItsKeysWhenTheStoreIsDown()
    {
        test::ListKeyStore store;
        KeyDirectory directory;
        QVERIFY(directory.put(make("sk-one", u"00000001"_s)));
        store.isDown = true;
        QCOMPARE(directory.load(store).error().kind, ErrorKind::StoreUnavailable);
        QVERIFY(directory.lookup(m_pepper.mac("sk-one")));
    }

    void refusesADamagedMacAndChangesNothing()
    {
        test::ListKeyStore store;
        store.keys = {make("sk-two", u"00000002"_s), make("sk-bad", u"00000003"_s)};
        store.keys[1].mac.chop(1);
        KeyDirectory directory;
        QVERIFY(directory.put(make("sk-one", u"00000001"_s)));
        const auto loaded = directory.load(store);
        QVERIFY(!loaded);
        QVERIFY(loaded.error().message.contains(u"00000003"_s));
        QCOMPARE(directory.size(), 1);
        QVERIFY(directory.lookup(m_pepper.mac("sk-one")));
        QVERIFY(!directory.put(store.keys[1]));
    }

    void storesEqualTextsOnce()
    {
        test::ListKeyStore store;
        for (int index = 0; index < 2; ++index) {
            ports::StoredKey key = make("sk-" + QByteArray::number(index), QString::number(index));
            key.key.teamId = QString("team%1"_L1).arg(1); // Each its own buffer.
            key.key.models = {QString("model%1"_L1).arg(1)};
            store.keys.push_back(key);
        }
        KeyDirectory directory;
        QVERIFY(directory.load(store));
        const auto a = directory.find(u"0"_s);
        const auto b = directory.find(u"1"_s);
        QCOMPARE(static_cast<const void *>(a->teamId.constData()),
                 static_cast<const void *>(b->teamId.constData()));
        QCOMPARE(a->terms.get(), b->terms.get());
    }

    void costsAtMost300BytesPerKey()
    {
        if (isSanitized) {
            QSKIP("A sanitizer's allocator tells nothing about memory use.");
        }
        constexpr int count = 100'000;
        test::ListKeyStore store;
        store.keys.reserve(count);
        for (int index = 0; index < count; ++index) {
            store.keys.push_back(make("sk-" + QByteArray::number(index), QString::number(index)));
        }
        KeyDirectory directory;
        const auto before = mallinfo2();
        QVERIFY(directory.load(store));
        const auto after = mallinfo2();
        // Large tables are mapped, and mapped memory is counted apart.
        const auto used = (after.uordblks + after.hblkhd) - (before.uordblks + before.hblkhd);
        QVERIFY2(used / count <= 300, QByteArray::number(qulonglong(used / count)).constData());
    }

    void neverMissesAKeyWhileOthersChange()
    {
        constexpr int rounds = 300;
        test::ListKeyStore store;
        for (int index = 0; index < 200; ++index) {
            store.keys.push_back(make("sk-" + QByteArray::number(index), QString::number(index)));
        }
        KeyDirectory directory;
        QVERIFY(directory.load(store));
        std::atomic<bool> isDone = false;
        std::atomic<qint64> misses = 0;
        std::atomic<qint64> lookups = 0;
        const auto read = [&] {
            while (!isDone || lookups < 1000) {
                for (int index = 0; index < 200; index += 7) {
                    const auto key = directory.lookup(
                        m_pepper.mac("sk-" + QByteArray::number(index)));
                    misses += key && key->id == QByteArray::number(index) ? 0 : 1;
                    ++lookups;
                }
            }
        };
        {
            const std::jthread a(read);
            const std::jthread b(read);
            for (int round = 0; round < rounds; ++round) {
                change(directory, store, round);
            }
            isDone = true;
        }
        QCOMPARE(misses.load(), 0);
    }

private:
    [[nodiscard]] ports::StoredKey make(const QByteArray &text, const QString &id) const
    {
        VirtualKey key;
        key.id = id;
        return test::storedKey(m_pepper, text, std::move(key));
    }

    /// Replaces existing keys, adds and removes others, and now and then loads everything anew.
    void change(KeyDirectory &directory, test::ListKeyStore &store, int round) const
    {
        ports::StoredKey stable = store.keys[static_cast<std::size_t>(round % 200)];
        stable.key.alias = QString::number(round);
        QVERIFY(directory.put(stable));
        const QString passing = u"passing"_s + QString::number(round);
        QVERIFY(directory.put(make("sk-" + passing.toLatin1(), passing)));
        QVERIFY(directory.remove(passing));
        store.changed.append(QString::number(round % 200));
        if (round % 20 == 0) {
            QVERIFY(directory.load(store));
        } else if (round % 3 == 0) {
            QVERIFY(directory.refresh(store));
        }
    }

    Pepper m_pepper = test::fixedPepper();
};

QTEST_GUILESS_MAIN(KeyDirectoryTest)
#include "tst_key_directory.moc"
