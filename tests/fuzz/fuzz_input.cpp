#include "tests/fuzz/fuzz_input.h"

#include <QString>
#include <QtLogging>

#include <cstdio>
#include <cstdlib>

namespace delta::fuzz {

void require(bool holds, const char *what, QByteArrayView shown)
{
    if (!holds) {
        std::fprintf(stderr, "does not hold: %s\n%.*s\n", what, static_cast<int>(shown.size()),
                     shown.data());
        std::abort();
    }
}

Input::Input(const std::uint8_t *data, std::size_t size)
    : purpose(size > 0 ? static_cast<char>(data[0]) : '\0')
{
    if (size > 1) {
        text = QByteArray(reinterpret_cast<const char *>(data) + 1,
                          static_cast<qsizetype>(size) - 1);
    }
}

QByteArray Input::takeLine()
{
    const qsizetype end = text.indexOf('\n');
    const QByteArray line = end < 0 ? text : text.first(end);
    text = end < 0 ? QByteArray() : text.sliced(end + 1);
    return line;
}

void keepQuiet()
{
    qInstallMessageHandler([](QtMsgType type, const QMessageLogContext &, const QString &message) {
        if (type == QtFatalMsg) {
            std::fprintf(stderr, "%s\n", qPrintable(message));
        }
    });
}

} // namespace delta::fuzz
