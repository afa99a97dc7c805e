// labels: unit money
#include "gateway/pipeline/metering.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using pipeline::estimatedInputTokens;
using pipeline::meter;
using pipeline::Metered;
using providers::AnswerState;

namespace {

/// A request of twelve bytes of text, which are estimated as three tokens.
openai::ModelRequest twelveBytes()
{
    openai::ModelRequest request;
    request.inputTextBytes = 12;
    return request;
}

openai::ModelRequest parsed(const QByteArray &body, openai::Operation operation)
{
    return openai::ModelRequest::parse(body, operation).value();
}

} // namespace

class MeteringTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesTheProvidersFiguresOnlyIfTheyCanBeTrue_data()
    {
        QTest::addColumn<Usage>("reported");
        QTest::addColumn<qint64>("produced");
        QTest::addColumn<bool>("isComplete");
        QTest::addColumn<Usage>("charged");
        QTest::addColumn<UsageSource>("source");
        const Usage good{.inputTokens = 10, .outputTokens = 5};
        QTest::newRow("whole") << good << qint64(7) << true << good << UsageSource::Reported;
        QTest::newRow("no output although some came")
            << Usage{.inputTokens = 10} << qint64(7) << true
            << Usage{.inputTokens = 10, .outputTokens = 7} << UsageSource::Estimated;
        QTest::newRow("no output and none came")
            << Usage{.inputTokens = 10} << qint64(0) << true << Usage{.inputTokens = 10}
            << UsageSource::Reported;
        QTest::newRow("no input although some was sent")
            << Usage{.outputTokens = 5} << qint64(5) << true
            << Usage{.inputTokens = 3, .outputTokens = 5} << UsageSource::Estimated;
        QTest::newRow("nothing at all")
            << Usage{} << qint64(0) << true << Usage{.inputTokens = 3} << UsageSource::Estimated;
        QTest::newRow("from the beginning of a stream that was left")
            << Usage{.inputTokens = 10, .outputTokens = 1} << qint64(469) << false
            << Usage{.inputTokens = 10, .outputTokens = 469} << UsageSource::Estimated;
        QTest::newRow("from the end of a stream that was left at its end")
            << good << qint64(4) << false << good << UsageSource::Reported;
    }
    void takesTheProvidersFiguresOnlyIfTheyCanBeTrue()
    {
        QFETCH(const Usage, reported);
        QFETCH(const qint64, produced);
        QFETCH(const bool, isComplete);
        AnswerState state;
        state.reported = reported;
        state.producedTokens = produced;
        state.isComplete = isComplete;
        const Outcome outcome = isComplete ? Outcome::Succeeded : Outcome::ClientClosed;
        const Metered metered = meter(twelveBytes(), state, outcome);
        QTEST(metered.usage, "charged");
        QTEST(metered.source, "source");
    }

    void chargesNothingForACallThatFailedBeforeItsAnswer()
    {
        const Metered metered = meter(twelveBytes(), {}, Outcome::Failed);
        QCOMPARE(metered.usage, Usage());
        QCOMPARE(metered.source, UsageSource::None);
    }

    void believesNothingOfFiguresThatCannotBeRead()
    {
        AnswerState state;
        state.reported = Usage{.inputTokens = 10, .outputTokens = 5};
        state.hasBadUsage = true;
        state.producedTokens = 7;
        state.isComplete = true;
        const Metered metered = meter(twelveBytes(), state, Outcome::Succeeded);
        QCOMPARE(metered.usage, (Usage{.inputTokens = 3, .outputTokens = 7}));
        QCOMPARE(metered.source, UsageSource::Estimated);
    }

    void estimatesWordsAndTokensButNoMedia_data();
    void estimatesWordsAndTokensButNoMedia();
    void countsAPromptOfTokensByItsNumbers();
};

void MeteringTest::estimatesWordsAndTokensButNoMedia_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<qint64>("tokens");
    const QByteArray long400(400, 'a');
    QTest::newRow("words") << '"' + long400 + '"' << qint64(101);
    QTest::newRow("words that begin like a data URL") << "\"data:" + long400 + '"' << qint64(103);
    QTest::newRow("an image in a data URL")
        << R"([{"type":"image_url","image_url":{"url":"data:image/png;base64,)" + long400
            + R"("}}])"
        << qint64(4);
    QTest::newRow("audio") << R"([{"type":"input_audio","input_audio":{"data":")" + long400
            + R"(","format":"wav"}}])"
                           << qint64(5);
    QTest::newRow("a file") << R"([{"type":"file","file":{"file_data":")" + long400 + R"("}}])"
                            << qint64(2);
}

void MeteringTest::estimatesWordsAndTokensButNoMedia()
{
    QFETCH(const QByteArray, content);
    const auto request = parsed(R"({"model":"m","messages":[{"role":"user","content":)" + content
                                    + "}]}",
                                openai::Operation::ChatCompletion);
    QTEST(estimatedInputTokens(request), "tokens");
}

void MeteringTest::countsAPromptOfTokensByItsNumbers()
{
    const auto one = parsed(R"({"model":"m","input":[1,22,333]})", openai::Operation::Embedding);
    QCOMPARE(estimatedInputTokens(one), 3);
    const auto many = parsed(R"({"model":"m","input":[[1,22],[333,4,5]]})",
                             openai::Operation::Embedding);
    QCOMPARE(estimatedInputTokens(many), 5);
}

QTEST_GUILESS_MAIN(MeteringTest)
#include "tst_metering.moc"
