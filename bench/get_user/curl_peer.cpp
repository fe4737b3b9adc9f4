// libcurl's multi interface: the same requests over as many connections, bodies collected into buffers that are used
// again, nothing decoded. Two event loops, of which the bench compares with the faster: `epoll` drives libcurl by
// curl_multi_socket_action, `poll` by curl_multi_poll.
#include "peer.hpp"

#include <curl/curl.h>

#include <sys/epoll.h>
#include <unistd.h>

#include <cstring>
#include <deque>

namespace {

struct transfer {
    CURL* easy = nullptr;
    std::string body;
};

class client {
public:
    client(const bench::settings& settings, bench::meter& meter)
        : settings_(settings), meter_(meter), multi_(curl_multi_init()), epoll_(epoll_create1(EPOLL_CLOEXEC))
    {
        headers_ = curl_slist_append(headers_, ("Authorization: Bearer " + std::string(bench::secret_key)).c_str());
        headers_ = curl_slist_append(headers_, ("Clerk-API-Version: " + std::string(bench::api_version)).c_str());
        headers_ = curl_slist_append(headers_, "Accept: application/json");
        curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(settings.concurrency));
        curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
    }
    client(const client&) = delete;
    client& operator=(const client&) = delete;
    ~client()
    {
        for (auto& transfer : transfers_) {
            curl_multi_remove_handle(multi_, transfer.easy);
            curl_easy_cleanup(transfer.easy);
        }
        curl_multi_cleanup(multi_);
        curl_slist_free_all(headers_);
        close(epoll_);
    }

    void run(bool with_epoll)
    {
        if (with_epoll) {
            curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &client::watch);
            curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
            curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &client::set_timer);
            curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
        }
        for (int i = 0; i < settings_.concurrency; ++i)
            add();
        if (with_epoll)
            run_epoll();
        else
            run_poll();
    }

private:
    void add()
    {
        transfer& made = transfers_.emplace_back();
        made.easy = curl_easy_init();
        made.body.reserve(64 * 1024);
        const std::string url = "https://localhost:" + settings_.port + settings_.path();
        curl_easy_setopt(made.easy, CURLOPT_URL, url.c_str());
        curl_easy_setopt(made.easy, CURLOPT_CAINFO, settings_.ca_file.c_str());
        curl_easy_setopt(made.easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        curl_easy_setopt(made.easy, CURLOPT_HTTPHEADER, headers_);
        curl_easy_setopt(made.easy, CURLOPT_USERAGENT, bench::user_agent);
        curl_easy_setopt(made.easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(made.easy, CURLOPT_WRITEFUNCTION, &client::write);
        curl_easy_setopt(made.easy, CURLOPT_WRITEDATA, &made);
        curl_easy_setopt(made.easy, CURLOPT_PRIVATE, &made);
        start(made);
    }

    void start(transfer& next)
    {
        if (!meter_.take())
            return;
        next.body.clear();
        curl_multi_add_handle(multi_, next.easy);
        ++running_;
    }

    void collect()
    {
        int queued = 0;
        while (CURLMsg* message = curl_multi_info_read(multi_, &queued)) {
            if (message->msg != CURLMSG_DONE)
                continue;
            CURL* easy = message->easy_handle;
            const CURLcode code = message->data.result;
            long status = 0;
            char* owner = nullptr;
            curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
            curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner);
            auto& ended = *reinterpret_cast<transfer*>(owner);
            curl_multi_remove_handle(multi_, easy);
            --running_;
            meter_.answered(code == CURLE_OK && status == 200 && ended.body.size() == settings_.body_size);
            start(ended);
        }
    }

    void run_poll()
    {
        while (running_ > 0) {
            int active = 0;
            curl_multi_perform(multi_, &active);
            collect();
            if (running_ > 0)
                curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
        }
    }

    void run_epoll()
    {
        epoll_event events[64];
        while (running_ > 0) {
            const int count = epoll_wait(epoll_, events, 64, static_cast<int>(timer_));
            int active = 0;
            if (count <= 0) {
                timer_ = -1;
                curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &active);
            }
            for (int i = 0; i < count; ++i) {
                const int what = ((events[i].events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                                 ((events[i].events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                                 ((events[i].events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
                curl_multi_socket_action(multi_, events[i].data.fd, what, &active);
            }
            collect();
            // A handle that was just added asks for a timer of 0 and starts there.
            if (timer_ == 0) {
                timer_ = -1;
                curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &active);
                collect();
            }
        }
    }

    static std::size_t write(char* data, std::size_t size, std::size_t count, void* user)
    {
        static_cast<transfer*>(user)->body.append(data, size * count);
        return size * count;
    }

    static int watch(CURL*, curl_socket_t socket, int what, void* user, void* known)
    {
        auto& self = *static_cast<client*>(user);
        if (what == CURL_POLL_REMOVE) {
            epoll_ctl(self.epoll_, EPOLL_CTL_DEL, socket, nullptr);
            return 0;
        }
        epoll_event event{};
        event.events = ((what & CURL_POLL_IN) != 0 ? unsigned{EPOLLIN} : 0U) |
                       ((what & CURL_POLL_OUT) != 0 ? unsigned{EPOLLOUT} : 0U);
        event.data.fd = socket;
        epoll_ctl(self.epoll_, known != nullptr ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
        curl_multi_assign(self.multi_, socket, &self);
        return 0;
    }

    static int set_timer(CURLM*, long milliseconds, void* user)
    {
        static_cast<client*>(user)->timer_ = milliseconds;
        return 0;
    }

    const bench::settings& settings_;
    bench::meter& meter_;
    CURLM* multi_;
    int epoll_;
    curl_slist* headers_ = nullptr;
    std::deque<transfer> transfers_;
    int running_ = 0;
    long timer_ = -1;
};

} // namespace

int main(int argc, char** argv)
{
    const auto settings = bench::read_arguments(argc, argv);
    const bool with_epoll = argc < 9 || std::strcmp(argv[8], "poll") != 0;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    bench::meter meter(settings);
    {
        client client(settings, meter);
        client.run(with_epoll);
    }
    curl_global_cleanup();
    return meter.report();
}
