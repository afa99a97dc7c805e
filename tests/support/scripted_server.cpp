#include "tests/support/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace delta::test {

namespace {

/// Chooses http/1.1 whenever a client offers protocols.
int chooseHttp1(SSL *, const unsigned char **out, unsigned char *outSize, const unsigned char *in,
                unsigned int inSize, void *)
{
    static constexpr std::array<unsigned char, 9> http1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char *chosen = nullptr;
    const int found = SSL_select_next_proto(&chosen, outSize, http1.data(), http1.size(), in,
                                            inSize);
    *out = chosen;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

SSL_CTX *makeContext(const ScriptedTls &tls)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    // Level 0 permits the old versions that a client must refuse.
    SSL_CTX_set_cipher_list(context, "DEFAULT@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, tls.maxVersion);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_alpn_select_cb(context, chooseHttp1, nullptr);
    const bool isLoaded = SSL_CTX_use_certificate_chain_file(
                              context, tls.identity.certificateFile.constData())
            == 1
        && SSL_CTX_use_PrivateKey_file(context, tls.identity.keyFile.constData(), SSL_FILETYPE_PEM)
            == 1;
    if (!isLoaded) {
        throw std::runtime_error("cannot load the server's certificate");
    }
    return context;
}

} // namespace

void ScriptedServer::ContextFreer::operator()(SSL_CTX *context) const
{
    SSL_CTX_free(context);
}

ScriptedServer::ScriptedServer(Script script)
    : m_script(std::move(script))
{
    listen();
}

ScriptedServer::ScriptedServer(Script script, const ScriptedTls &tls)
    : m_script(std::move(script))
    , m_context(makeContext(tls))
{
    listen();
}

ScriptedServer::~ScriptedServer()
{
    m_stop.open();
    m_acceptor.join();
    for (Connection &connection : m_connections) {
        connection.thread.join();
    }
    ::close(m_listener);
}

void ScriptedServer::listen()
{
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    if (m_listener < 0 || ::bind(m_listener, generic, size) != 0
        || ::listen(m_listener, SOMAXCONN) != 0 || ::getsockname(m_listener, generic, &size) != 0) {
        throw std::system_error(errno, std::generic_category(), "listen");
    }
    m_port = ntohs(address.sin_port);
    m_acceptor = std::thread([this] { acceptAll(); });
}

void ScriptedServer::acceptAll()
{
    std::array<pollfd, 2> polled{{{m_listener, POLLIN, 0}, {m_stop.descriptor(), POLLIN, 0}}};
    while (true) {
        ::poll(polled.data(), polled.size(), -1);
        if (polled[1].revents != 0) {
            return;
        }
        const int fd = ::accept4(m_listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            continue;
        }
        const std::scoped_lock lock(m_mutex);
        const auto index = static_cast<int>(m_connections.size());
        auto peer = std::make_unique<ScriptedPeer>(fd, index, m_stop);
        std::thread thread([this, &peer = *peer] { run(peer); });
        m_connections.push_back({std::move(peer), std::move(thread)});
    }
}

void ScriptedServer::run(ScriptedPeer &peer) const
{
    // OpenSSL writes with plain write(), which raises a signal when the client is gone.
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    try {
        if (!m_context || peer.startTls(m_context.get())) {
            m_script(peer);
        }
        peer.close();
    } catch (const ScriptStopped &) {
        peer.cut();
    }
}

int ScriptedServer::connectionCount() const
{
    const std::scoped_lock lock(m_mutex);
    return static_cast<int>(m_connections.size());
}

ScriptedLog ScriptedServer::log(int index) const
{
    const std::scoped_lock lock(m_mutex);
    const auto number = static_cast<std::size_t>(index);
    return number < m_connections.size() ? m_connections[number].peer->log() : ScriptedLog();
}

int ScriptedServer::closedByClientCount() const
{
    const std::scoped_lock lock(m_mutex);
    return static_cast<int>(std::ranges::count_if(m_connections, [](const Connection &connection) {
        return connection.peer->log().isClosedByClient;
    }));
}

std::vector<ScriptedRequest> ScriptedServer::requests() const
{
    const std::scoped_lock lock(m_mutex);
    std::vector<ScriptedRequest> all;
    for (const Connection &connection : m_connections) {
        const ScriptedLog log = connection.peer->log();
        all.insert(all.end(), log.requests.begin(), log.requests.end());
    }
    return all;
}

} // namespace delta::test
