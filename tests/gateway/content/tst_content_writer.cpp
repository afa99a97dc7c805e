// labels: unit fault
// links: gateway/secrets
#include "gateway/content/content_writer.h"
#include "gateway/secrets/envelope.h"
#include "tests/gateway/secrets/sealing_fakes.h"

#include <QtTest>

#include <mutex>
#include <semaphore>

using namespace delta;
using namespace delta::content;
using namespace Qt::StringLiterals;

namespace {

/// A store in memory that can be away.
class MemoryStore final : public ports::ContentStore
{
public:
    Result<qint64> callIdOf(std::uint64_t offset) override
    {
        return qint64(offset) + 1000;
    }
    Result<void> keepContents(const std::vector<ports::SealedContent> &contents) override
    {
        asked.release();
        const std::scoped_lock lock(mutex);
        if (isAway) {
            return failure(ApiError::storeUnavailable(u"away"_s));
        }
        kept.insert(kept.end(), contents.begin(), contents.end());
        return {};
    }

    std::mutex mutex;
    bool isAway = false;
    std::vector<ports::SealedContent> kept;
    std::counting_semaphore<> asked{0};
};

} // namespace

/// The way of what calls ask and are answered to the store.
class ContentWriterTest final : public QObject
{
    Q_OBJECT

    secrets::test::CountingRandom m_random;
    SystemClock m_clock;
    secrets::Envelope m_envelope{secrets::test::ringOf(secrets::test::keyLine('a')), m_random};
    std::unique_ptr<ContentDesk> m_desk;
    std::unique_ptr<MemoryStore> m_store;

    void leave(std::uint64_t offset, const QByteArray &request, const QByteArray &answer,
               const ContentSettings &settings = {})
    {
        ContentDraft draft = m_desk->begin(request, settings);
        draft.setAnswer(answer);
        m_desk->leave({offset, WallTime(std::chrono::milliseconds(7)), "ann", std::move(draft)});
    }
    /// Writes all that was left.
    void write()
    {
        const ContentWriter writer({*m_desk, *m_store, m_envelope, m_clock});
    }
    StoredContent opened(const ports::SealedContent &content)
    {
        const auto plain = m_envelope.open(content.sealed, contentContext(content.callId));
        return unpacked(plain.value().reveal()).value();
    }

private Q_SLOTS:
    void init()
    {
        m_desk = std::make_unique<ContentDesk>();
        m_store = std::make_unique<MemoryStore>();
    }

    void writesWhatIsLeftRedactedAndSealed()
    {
        leave(5, R"({"user":"sk-abcdefghijkl0123"})", R"({"id":"x"})");
        write();
        QCOMPARE(m_store->kept.size(), std::size_t(1));
        const ports::SealedContent &kept = m_store->kept.front();
        QCOMPARE(kept.callId, 1005);
        QCOMPARE(kept.endUser, QByteArray("ann"));
        QCOMPARE(kept.startedAt.time_since_epoch().count(), 7);
        QVERIFY(!kept.sealed.contains("user"));
        QCOMPARE(
            opened(kept),
            (StoredContent{R"({"user":"[REDACTED:api_key]"})", R"({"id":"x"})", false, false}));
        QCOMPARE(m_desk->counts().stored, 1);
    }

    void doesNotOpenAtAnotherCall()
    {
        leave(5, "{}", "{}");
        write();
        QVERIFY(!m_envelope.open(m_store->kept.front().sealed, contentContext(1006)));
    }

    void saysWhatWasCutOff()
    {
        const QByteArray text(3000, 'x');
        const QByteArray words = "{\"t\":\"" + QByteArray("word ").repeated(600) + "\"}";
        leave(1, words, "{}", {.maxBytes = 1024});
        ContentDraft draft = m_desk->begin("{}", {.maxBytes = 1024});
        for (int count = 0; count < 10; ++count) {
            draft.addEvents(
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a b \"}}],\"x\":\""
                + text + "\"}\n\n");
        }
        QVERIFY(draft.isCut());
        QVERIFY(draft.answer().size() <= 8 * 1024);
        m_desk->leave({2, {}, {}, std::move(draft)});
        write();
        QCOMPARE(m_store->kept.size(), std::size_t(2));
        const StoredContent first = opened(m_store->kept[0]);
        QVERIFY(first.isRequestCut);
        QVERIFY(!first.isAnswerCut);
        QCOMPARE(first.request.size(), 1024);
        const StoredContent second = opened(m_store->kept[1]);
        QVERIFY(!second.isRequestCut);
        QVERIFY(second.isAnswerCut);
        QVERIFY(second.answer.contains("\"content\":\"a b a b \""));
    }

    /// What may hold anything is not kept, and keeps nothing else from being so.
    void keepsNothingOfWhatItCannotRead()
    {
        leave(1, R"({"a":1})", "<html>sk-abcdefghijkl0123</html>");
        leave(2, R"({"a":1})", R"({"b":2})");
        write();
        QCOMPARE(m_store->kept.size(), std::size_t(1));
        QCOMPARE(m_store->kept.front().callId, 1002);
        QCOMPARE(m_desk->counts().failed, 1);
        QCOMPARE(m_desk->counts().stored, 1);
    }

    void dropsWhatHasNoRoomAndHasRoomAgainLater()
    {
        const ContentSettings narrow{.maxMemory = 100};
        const QByteArray request = "{\"a\":\"" + QByteArray(60, 'x') + "\"}";
        leave(1, request, "{}", narrow);
        leave(2, request, "{}", narrow);
        QCOMPARE(m_desk->counts().dropped, 1);
        write();
        QCOMPARE(m_store->kept.size(), std::size_t(1));
        leave(3, request, "{}", narrow);
        QCOMPARE(m_desk->counts().dropped, 1);
        write();
        QCOMPARE(m_store->kept.size(), std::size_t(2));
    }

    /// A half of it could be taken for the whole.
    void losesAnAnswerThatGrowsTooLargeAsAWhole()
    {
        ContentDraft draft = m_desk->begin("{}", {.maxMemory = 100});
        draft.addEvents(QByteArray(90, 'x'));
        QVERIFY(!draft.isLost());
        draft.addEvents(QByteArray(90, 'x'));
        QVERIFY(draft.isLost());
        QVERIFY(draft.request().isEmpty() && draft.answer().isEmpty());
        m_desk->leave({1, {}, {}, std::move(draft)});
        QCOMPARE(m_desk->counts().dropped, 1);
        QVERIFY(!m_desk->begin(QByteArray(90, 'x'), {.maxMemory = 100}).isLost());
    }

    void dropsWhatExceedsTheQueue()
    {
        for (std::uint64_t offset = 0; offset < 5000; ++offset) {
            leave(offset, "{}", "{}");
        }
        QCOMPARE(m_desk->counts().dropped, 5000 - 4096);
        write();
        QCOMPARE(m_store->kept.size(), std::size_t(4096));
    }

    void writesTheSameOnceTheStoreIsBack()
    {
        m_store->isAway = true;
        leave(1, "{}", "{}");
        {
            const ContentWriter writer({*m_desk, *m_store, m_envelope, m_clock});
            m_store->asked.acquire();
            {
                const std::scoped_lock lock(m_store->mutex);
                m_store->isAway = false;
            }
            m_store->asked.acquire();
        }
        QCOMPARE(m_desk->counts().stored, 1);
        QCOMPARE(m_desk->counts().failed, 0);
    }

    void doesNotWaitForAStoreThatIsAwayAtTheEnd()
    {
        m_store->isAway = true;
        for (std::uint64_t offset = 0; offset < 100; ++offset) {
            leave(offset, "{}", "{}");
        }
        write();
        QVERIFY(m_store->kept.empty());
        QCOMPARE(m_desk->counts().failed + m_desk->counts().dropped, 100);
    }

    void obeysWhoeverSaysNo_data()
    {
        QTest::addColumn<int>("store");
        QTest::addColumn<int>("wish"); // Minus one: nobody says anything.
        QTest::addColumn<bool>("isKept");
        using enum StoreContent;
        const auto row = [](const char *name, StoreContent store, int wish, bool isKept) {
            QTest::newRow(name) << int(store) << wish << isKept;
        };
        row("never, unasked", Never, -1, false);
        row("never, asked", Never, 1, false);
        row("when asked, unasked", WhenAsked, -1, false);
        row("when asked, asked", WhenAsked, 1, true);
        row("when asked, refused", WhenAsked, 0, false);
        row("always, unasked", Always, -1, true);
        row("always, asked", Always, 1, true);
        row("always, refused", Always, 0, false);
    }
    void obeysWhoeverSaysNo()
    {
        QFETCH(const int, store);
        QFETCH(const int, wish);
        const ContentSettings settings{.store = StoreContent(store)};
        QTEST(settings.keeps(wish < 0 ? std::nullopt : std::optional(wish == 1)), "isKept");
    }

    void keepsNothingUnlessToldTo()
    {
        QVERIFY(!ContentSettings().keeps(std::nullopt));
    }
};

QTEST_APPLESS_MAIN(ContentWriterTest)
#include "tst_content_writer.moc"
