// labels: db
// links: gateway/auth
// services: postgres
// dialects: both
#include "gateway/auth/key_directory.h"
#include "gateway/store/database.h"
#include "gateway/store/store.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <tuple>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using delta::test::StorePlace;

namespace {

QByteArray macOf(int number)
{
    return QByteArray::number(number).rightJustified(32, '0');
}

ports::StoredKey keyCalled(const QString &id, int mac)
{
    ports::StoredKey key;
    key.key.id = id;
    key.mac = macOf(mac);
    return key;
}

QStringList idsOf(const std::optional<ports::KeyChanges> &changed)
{
    QStringList ids;
    for (const auto &change : changed.value_or(ports::KeyChanges{}).changes) {
        ids.append(change.key ? change.id : u'-' + change.id);
    }
    return ids;
}

/// Returns the literal that both databases take for a MAC.
QString literalOf(int mac)
{
    return StorePlace::either("X'%1'", "'\\x%1'").arg(QString::fromLatin1(macOf(mac).toHex()));
}

bool areSame(const auth::KeyDirectory::KeyPointer &a, const auth::KeyDirectory::KeyPointer &b)
{
    if (!a || !b) {
        return !a && !b;
    }
    return a->id == b->id && a->userId == b->userId && a->teamId == b->teamId
        && a->organizationId == b->organizationId && *a->terms == *b->terms
        && a->expiresAt == b->expiresAt && a->isBlocked == b->isBlocked;
}

} // namespace

/// Another process has a connection of its own, and says to the database what it likes.
class KeyChangesTest : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    std::unique_ptr<StorePlace> m_place;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<Database> m_other;
    std::mt19937 m_chance{20261128};

    [[nodiscard]] std::unique_ptr<Database> connect() const
    {
        return Database::open(m_place->address()).value();
    }
    void execute(const QString &statement)
    {
        const auto done = m_other->execute(statement);
        QVERIFY2(done.has_value(),
                 qPrintable(statement + u": "_s + (done ? QString() : done.error().detail)));
    }
    static QString insertion(const QString &id, int mac)
    {
        return u"INSERT INTO virtual_keys (key_id, mac, hint, user_id, team_id, models, blocked, "
               "created_at) VALUES ('%1', %2, '', '', '', '[]', 0, 0)"_s.arg(id, literalOf(mac));
    }
    void insert(const QString &id, int mac)
    {
        execute(insertion(id, mac));
    }
    [[nodiscard]] ports::KeyMark mark()
    {
        return m_store->keyMark().value();
    }
    [[nodiscard]] QStringList changedSince(const ports::KeyMark &mark)
    {
        return idsOf(m_store->keyChangesSince(mark).value());
    }
    [[nodiscard]] bool isKnown(const ports::KeyMark &mark)
    {
        return m_store->keyChangesSince(mark).value().has_value();
    }
    [[nodiscard]] int chance(int below)
    {
        return static_cast<int>(m_chance() % static_cast<unsigned>(below));
    }

    /// Does something to some of thirty keys and forty texts; much of it fails, because texts and aliases are taken.
    [[nodiscard]] QString anyChange()
    {
        const QString id = u"k%1"_s.arg(chance(30));
        const QString where = u" WHERE key_id = '%1'"_s.arg(id);
        const QString replacing = StorePlace::either("OR REPLACE ", "");
        switch (chance(9)) {
        case 0:
            return u"DELETE FROM virtual_keys"_s + where;
        case 1:
            return u"UPDATE virtual_keys SET blocked = 1 - blocked"_s + where;
        case 2:
            return u"UPDATE virtual_keys SET mac = %1"_s.arg(literalOf(chance(40))) + where;
        case 3:
            return u"UPDATE virtual_keys SET key_id = 'k%1'"_s.arg(chance(30)) + where;
        case 4:
            return u"UPDATE virtual_keys SET team_id = 'team%1', models = '[\"m%1\"]', rpm_limit = 7"_s
                       .arg(chance(3))
                + where;
        case 5:
            return u"UPDATE %1virtual_keys SET alias = 'alias%2'"_s.arg(replacing).arg(chance(4))
                + where;
        case 6:
            return u"UPDATE virtual_keys SET blocked = 1 WHERE key_id LIKE 'k%1%'"_s.arg(chance(3));
        default:
            return insertion(id, chance(40))
                .replace(0, 6, chance(3) == 0 ? u"INSERT "_s + replacing : u"INSERT"_s);
        }
    }
    /// Some changes one by one, or in a transaction, which in PostgreSQL fails as a whole.
    void changeAnything()
    {
        const bool isTogether = chance(3) == 0;
        if (isTogether) {
            execute(u"BEGIN"_s);
        }
        for (int left = 1 + chance(5); left > 0; --left) {
            std::ignore = m_other->execute(anyChange());
        }
        if (isTogether) {
            execute(chance(3) == 0 ? u"ROLLBACK"_s : u"COMMIT"_s);
        }
    }
    void exchangeTexts()
    {
        execute(u"BEGIN"_s);
        execute(u"UPDATE virtual_keys SET mac = %1 WHERE key_id = 'a'"_s.arg(literalOf(99)));
        execute(u"UPDATE virtual_keys SET mac = %1 WHERE key_id = 'b'"_s.arg(literalOf(1)));
        execute(u"UPDATE virtual_keys SET mac = %1 WHERE key_id = 'a'"_s.arg(literalOf(2)));
        execute(u"COMMIT"_s);
    }
    static auth::KeyMac textOf(int number)
    {
        auth::KeyMac mac{};
        std::ranges::copy(macOf(number), mac.begin());
        return mac;
    }

private Q_SLOTS:
    void init()
    {
        m_other.reset();
        m_store.reset();
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<Store>(m_place->address(), m_clock);
        QVERIFY(m_store->open());
        m_other = connect();
    }
    void cleanup()
    {
        m_other.reset();
        m_store.reset();
    }

    void tellsWhatOthersAddedChangedAndRemoved()
    {
        const auto begin = mark();
        insert(u"a"_s, 1);
        insert(u"b"_s, 2);
        const auto middle = mark();
        execute(u"UPDATE virtual_keys SET blocked = 1, team_id = 'größe' WHERE key_id = 'b'"_s);
        execute(u"DELETE FROM virtual_keys WHERE key_id = 'a'"_s);
        const auto changed = m_store->keyChangesSince(middle).value().value();
        QCOMPARE(idsOf(changed), (QStringList{u"b"_s, u"-a"_s}));
        QVERIFY(changed.changes[0].key->key.blocked);
        QCOMPARE(changed.changes[0].key->key.teamId, u"größe"_s);
        QCOMPARE(changed.changes[0].key->mac, macOf(2));
        QCOMPARE(changed.until, mark());
        QCOMPARE(changedSince(begin), (QStringList{u"-a"_s, u"b"_s, u"b"_s, u"-a"_s}));
        QCOMPARE(changedSince(mark()), QStringList());
    }

    void tellsBothNamesOfAKeyWhoseIdChanged()
    {
        insert(u"a"_s, 1);
        const auto begin = mark();
        execute(u"UPDATE virtual_keys SET key_id = 'b' WHERE key_id = 'a'"_s);
        QStringList changed = changedSince(begin);
        changed.sort();
        QCOMPARE(changed, (QStringList{u"-a"_s, u"b"_s}));
    }

    void tellsNothingOfWhatWasTakenBack()
    {
        const auto begin = mark();
        execute(u"BEGIN"_s);
        insert(u"a"_s, 1);
        execute(u"ROLLBACK"_s);
        QCOMPARE(mark(), begin);
        QCOMPARE(changedSince(begin), QStringList());
    }

    void tellsOfNearlyAThousandChangesAndNotOfMore()
    {
        insert(u"a"_s, 1);
        const auto begin = mark();
        execute(u"BEGIN"_s);
        for (int round = 0; round < 999; ++round) {
            execute(u"UPDATE virtual_keys SET blocked = 1 - blocked"_s);
        }
        execute(u"COMMIT"_s);
        QCOMPARE(changedSince(begin).size(), 999);
        execute(u"UPDATE virtual_keys SET blocked = 1 - blocked"_s);
        QVERIFY(!isKnown(begin));
        QVERIFY(isKnown(mark()));
    }

    void keepsAThousandChangesOfAStatementThatMakesMore()
    {
        const auto begin = mark();
        execute(StorePlace::either(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) "
            "INSERT INTO virtual_keys (key_id, mac, hint, user_id, team_id, models, blocked, "
            "created_at) SELECT 'k' || i, CAST(printf('%032d', i) AS BLOB), '', '', '', '[]', 0, 0 "
            "FROM n",
            "INSERT INTO virtual_keys (key_id, mac, hint, user_id, team_id, models, blocked, "
            "created_at) SELECT 'k' || i, convert_to(lpad(i::text, 32, '0'), 'UTF8'), '', '', '', "
            "'[]', 0, 0 FROM generate_series(1, 1500) AS n (i)"));
        QVERIFY(!isKnown(begin));
        QCOMPARE(mark().version, begin.version + 1500);
        int kept = 0;
        QVERIFY(
            m_other->each("keys/select_changes"_L1, {0}, [&kept](const QSqlQuery &) { ++kept; }));
        QCOMPARE(kept, 1000);
    }

    void doesNotTakeAnotherHistoryForItsOwn()
    {
        insert(u"a"_s, 1);
        ports::KeyMark elsewhere = mark();
        insert(u"b"_s, 2);
        QVERIFY(isKnown(elsewhere));
        ++elsewhere.stamp;
        QVERIFY(!isKnown(elsewhere));
        elsewhere.version += 1'000'000; // The newer state of a store that was set back.
        QVERIFY(!isKnown(elsewhere));
    }

    void hasAllKeysReadAnewWhereRowsGoUntold()
    {
        insert(u"a"_s, 1);
        const auto begin = mark();
        if (StorePlace::isPostgres()) {
            execute(u"TRUNCATE virtual_keys"_s);
        } else {
            execute(insertion(u"b"_s, 1).replace(u"INSERT"_s, u"INSERT OR REPLACE"_s));
        }
        QVERIFY(!isKnown(begin));
        QVERIFY(isKnown(mark()));
    }

    void keepsTheOrderOfCommits()
    {
        if (!StorePlace::isPostgres()) {
            QSKIP("SQLite has one writer at a time.");
        }
        const auto begin = mark();
        execute(u"BEGIN"_s);
        insert(u"first"_s, 1);
        // It has the later number, would be done sooner, and waits.
        std::thread second([this] { std::ignore = connect()->execute(insertion(u"second"_s, 2)); });
        const auto watcher = connect();
        QVERIFY(QTest::qWaitFor([&watcher] {
            // Divides by zero while nobody waits.
            return watcher->execute(u"SELECT 1 / count(*) FROM pg_locks WHERE NOT granted"_s)
                .has_value();
        }));
        QCOMPARE(mark(), begin);
        execute(u"COMMIT"_s);
        second.join();
        QCOMPARE(changedSince(begin), (QStringList{u"first"_s, u"second"_s}));
    }

    void exchangesTheTextsOfTwoKeys()
    {
        insert(u"a"_s, 1);
        insert(u"b"_s, 2);
        auth::KeyDirectory directory;
        QVERIFY(directory.refresh(*m_store));
        exchangeTexts();
        QVERIFY(directory.refresh(*m_store));
        QCOMPARE(directory.size(), 2);
        QCOMPARE(directory.lookup(textOf(1))->id, "b");
        QCOMPARE(directory.lookup(textOf(2))->id, "a");
        QCOMPARE(directory.find(u"a"_s), directory.lookup(textOf(2)));
    }

    void knowsAfterAnyChangesWhatAFullLoadKnows()
    {
        auth::KeyDirectory directory;
        int incremental = 0;
        for (int round = 0; round < 300; ++round) {
            changeAnything();
            const auto before = directory.mark();
            incremental += before && isKnown(*before) ? 1 : 0;
            QVERIFY(directory.refresh(*m_store));
            auth::KeyDirectory whole;
            QVERIFY(whole.load(*m_store));
            QCOMPARE(directory.mark(), whole.mark());
            QCOMPARE(directory.size(), whole.size());
            for (int number = 0; number < 40; ++number) {
                const QString id = u"k%1"_s.arg(number);
                QVERIFY2(areSame(directory.find(id), whole.find(id)), qPrintable(id));
                QVERIFY(areSame(directory.lookup(textOf(number)), whole.lookup(textOf(number))));
            }
        }
        QVERIFY(incremental > 150);
    }

    void handsOverWhatAGatewayNeedsOfAKey()
    {
        ports::StoredKey stored = keyCalled(u"größe"_s, 1);
        stored.key.userId = u"u"_s;
        stored.key.teamId = u"t"_s;
        stored.key.organizationId = u"o"_s;
        stored.key.models = {u"a \"quoted\" größe"_s, u"b"_s};
        stored.key.tags = {u"x"_s, u"y"_s};
        stored.key.limits = {1, 2, 3, 4, 5, 6, 7'000'000'000};
        stored.key.expiresAt = WallTime(std::chrono::milliseconds(1'900'000'000'000));
        stored.key.blocked = true;
        QVERIFY(m_store->insertKey(stored));
        QVERIFY(m_store->insertKey(keyCalled(u"bare"_s, 2)));
        auth::KeyDirectory read;
        QVERIFY(read.load(*m_store));
        auth::KeyDirectory put;
        QVERIFY(put.put(stored));
        QVERIFY(put.put(keyCalled(u"bare"_s, 2)));
        for (const QString &id : {u"größe"_s, u"bare"_s}) {
            QVERIFY(read.find(id));
            QVERIFY(areSame(read.find(id), put.find(id)));
        }
    }

    void tellsThatKeysCannotBeRead()
    {
        execute(u"ALTER TABLE virtual_keys RENAME TO others"_s);
        const auto read = m_store->eachKey([](const ports::KeyRow &) { });
        QVERIFY(!read);
        QCOMPARE(read.error().kind, ErrorKind::StoreUnavailable);
        QVERIFY(read.error().detail.contains(u"keys/select_all"_s));
        QVERIFY(read.error().detail.contains(u"virtual_keys"_s));
        execute(u"ALTER TABLE others RENAME TO virtual_keys"_s);
        QVERIFY(m_store->eachKey([](const ports::KeyRow &) { }));
    }
};

QTEST_GUILESS_MAIN(KeyChangesTest)
#include "tst_key_changes.moc"
