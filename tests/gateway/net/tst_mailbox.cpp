// labels: unit hostile
#include "gateway/net/mailbox.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta::net;

namespace {

/// Reads encoded words as a mail program would.
QString decoded(const QByteArray &header)
{
    QString text;
    for (const QByteArray &word : header.split('\n')) {
        const QByteArray trimmed = word.trimmed();
        if (!trimmed.startsWith("=?UTF-8?B?") || !trimmed.endsWith("?=") || trimmed.size() > 75) {
            return {};
        }
        text += QString::fromUtf8(QByteArray::fromBase64(trimmed.sliced(10).chopped(2)));
    }
    return text;
}

} // namespace

class MailboxTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAnAddressWithAndWithoutAName_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("header");
        QTest::newRow("bare") << u" ops@example.com "_s << QString() << "ops@example.com"_ba;
        QTest::newRow("in brackets") << u"<ops@example.com>"_s << QString() << "ops@example.com"_ba;
        QTest::newRow("named") << u"Night Shift <ops@example.com>"_s << u"Night Shift"_s
                               << "Night Shift <ops@example.com>"_ba;
        QTest::newRow("quoted") << u"\"Shift, \"Night\"\" <ops@example.com>"_s
                                << u"Shift, \"Night\""_s
                                << "\"Shift, \\\"Night\\\"\" <ops@example.com>"_ba;
        QTest::newRow("encoded") << u"Küche <ops@example.com>"_s << u"Küche"_s
                                 << "=?UTF-8?B?S8O8Y2hl?= <ops@example.com>"_ba;
    }
    void readsAnAddressWithAndWithoutAName()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, name);
        QFETCH(const QByteArray, header);
        const auto mailbox = Mailbox::fromText(text);
        QVERIFY(mailbox);
        QCOMPARE(mailbox->name, name);
        QCOMPARE(mailbox->address, "ops@example.com"_ba);
        QCOMPARE(mailbox->toHeader(), header);
    }

    void refusesWhatIsNoAddress_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text :
             {"", "ops", "@example.com", "ops@", "ops@exa mple.com", "a@b@c", "<>",
              "Name <ops@example.com> and more", "a@example.com, b@example.com",
              "ops@example.com\r\nBcc: x@example.com", "ops@example.com>\r\nRSET",
              "öps@example.com", "\"ops\"@example.com"}) {
            QTest::newRow(text) << QString::fromUtf8(text);
        }
        QTest::newRow("too long") << QString(300, u'a') + u"@example.com"_s;
    }
    void refusesWhatIsNoAddress()
    {
        QFETCH(const QString, text);
        const auto mailbox = Mailbox::fromText(text);
        QVERIFY(!mailbox);
        QVERIFY(mailbox.error().startsWith(u"must be an address"));
    }

    void leavesAShortPlainTextAsItIs()
    {
        QCOMPARE(headerText(u"80 % of 'b1' is spent"), "80 % of 'b1' is spent"_ba);
    }

    void encodesWhatIsNotPlain_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("umlaut") << u"Küche"_s;
        QTest::newRow("new field") << u"x\r\nBcc: everybody@example.com\r\n\r\nbody"_s;
        QTest::newRow("looks encoded") << u"=?UTF-8?B?eA==?="_s;
        QTest::newRow("long") << QString(500, u'x');
        QTest::newRow("long and wide") << u"名前😀"_s.repeated(40);
    }
    void encodesWhatIsNotPlain()
    {
        QFETCH(const QString, text);
        const QByteArray header = headerText(text);
        QCOMPARE(decoded(header), text);
        // Each line break is one of the header's own, followed by a blank.
        QCOMPARE(header.count('\n'), header.count("\r\n "));
        QCOMPARE(header.count('\r'), header.count('\n'));
    }
};

QTEST_APPLESS_MAIN(MailboxTest)
#include "tst_mailbox.moc"
