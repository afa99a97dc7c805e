#include "gateway/admin/contract/api_description.h"

#include <QCryptographicHash>
#include <QFile>

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

/// The page brings all that it needs; nothing else may run or be loaded in it.
const QByteArray pagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"_ba;

/// A file that is compiled into the program.
class StaticFile
{
public:
    StaticFile(const QString &path, QByteArray type)
        : m_type(std::move(type))
    {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly)) {
            qFatal("%ls is not in the program", qUtf16Printable(path));
        }
        m_content = file.readAll();
        m_tag = '"'
            + QCryptographicHash::hash(m_content, QCryptographicHash::Sha256).toHex().first(16)
            + '"';
    }

    [[nodiscard]] Result<Answer> answer(const AdminCall &call) const
    {
        const ports::HeaderList headers{{"content-type"_ba, m_type},
                                        {"cache-control"_ba, "no-cache"_ba},
                                        {"etag"_ba, m_tag},
                                        {"x-content-type-options"_ba, "nosniff"_ba},
                                        {"referrer-policy"_ba, "same-origin"_ba},
                                        {"content-security-policy"_ba, pagePolicy}};
        const auto known = call.request.header("if-none-match");
        return known && *known == m_tag ? Answer{304, headers, {}}
                                        : Answer{200, headers, m_content};
    }

private:
    QByteArray m_type;
    QByteArray m_content;
    QByteArray m_tag;
};

AdminRoute fileRoute(const QByteArray &path, const QString &file, const QByteArray &type)
{
    return {"GET"_ba, path, [content = StaticFile(file, type)](const AdminCall &call) {
                return content.answer(call);
            }};
}

} // namespace

std::vector<AdminRoute> descriptionRoutes()
{
    return {
        fileRoute("/ui/api/openapi.json"_ba, u":/api/openapi.json"_s, "application/json"_ba),
        fileRoute("/ui/api/docs"_ba, u":/api/docs.html"_s, "text/html; charset=utf-8"_ba),
        fileRoute("/ui/api/docs.js"_ba, u":/api/docs.js"_s, "text/javascript; charset=utf-8"_ba),
        fileRoute("/ui/api/docs.css"_ba, u":/api/docs.css"_s, "text/css; charset=utf-8"_ba)};
}

} // namespace delta::admin
