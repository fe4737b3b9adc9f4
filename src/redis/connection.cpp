#include "redis/connection.hpp"

#include <hiredis/hiredis.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/write.hpp>

#include <cstdlib>
#include <new>
#include <utility>

namespace usher::redis {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

void append(std::string& to, const command& what)
{
    std::vector<const char*> words;
    std::vector<std::size_t> sizes;
    for (const auto& word : what) {
        words.push_back(word.data());
        sizes.push_back(word.size());
    }
    char* text = nullptr;
    const int size = redisFormatCommandArgv(&text, static_cast<int>(words.size()), words.data(), sizes.data());
    if (size < 0)
        throw std::bad_alloc();
    const std::unique_ptr<char, void (*)(char*)> owned(text, redisFreeCommand);
    to.append(text, static_cast<std::size_t>(size));
}

// The kind of an error, in capitals by convention.
std::string first_word(const std::string& text)
{
    const auto end = text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return end == text.npos || text[end] == ' ' ? text.substr(0, end) : std::string("it does not say why");
}

reply copied(const redisReply& from)
{
    reply to;
    to.is_error = from.type == REDIS_REPLY_ERROR;
    if (from.type == REDIS_REPLY_ERROR || from.type == REDIS_REPLY_STRING || from.type == REDIS_REPLY_STATUS)
        to.text.assign(from.str, from.len);
    else if (from.type == REDIS_REPLY_INTEGER)
        to.number = from.integer;
    else if (from.type == REDIS_REPLY_ARRAY)
        for (std::size_t i = 0; i != from.elements; ++i)
            to.items.push_back(copied(*from.element[i]));
    return to;
}

} // namespace

connection::connection(asio::any_io_executor executor, address to, connection_user& user)
    : resolver_(executor), socket_(executor), to_(std::move(to)), user_(&user), reader_(redisReaderCreate())
{
    if (reader_ == nullptr)
        throw std::bad_alloc();
}

connection::~connection()
{
    redisReaderFree(reader_);
}

void connection::open()
{
    error_code no_number;
    const auto ip = asio::ip::make_address(to_.host, no_number);
    if (no_number)
        resolve();
    else
        connect(tcp::resolver::results_type::create(tcp::endpoint(ip, to_.port), to_.host, std::to_string(to_.port)));
}

void connection::resolve()
{
    resolver_.async_resolve(to_.host, std::to_string(to_.port),
                            [self = shared_from_this()](error_code error, const tcp::resolver::results_type& found) {
                                if (self->user_ == nullptr)
                                    return;
                                if (error)
                                    self->end("its address was not found: " + error.message());
                                else
                                    self->connect(found);
                            });
}

void connection::connect(const tcp::resolver::results_type& where)
{
    asio::async_connect(socket_, where, [self = shared_from_this()](error_code error, const tcp::endpoint&) {
        if (self->user_ == nullptr)
            return;
        if (error) {
            self->end("no connection: " + error.message());
            return;
        }
        error_code ignored;
        self->socket_.set_option(tcp::no_delay(true), ignored);
        self->greet();
    });
}

void connection::greet()
{
    if (!to_.password.empty()) {
        ++greetings_;
        is_password_sent_ = true;
        send(to_.user.empty() ? command{"AUTH", to_.password} : command{"AUTH", to_.user, to_.password});
    }
    if (to_.database != 0) {
        ++greetings_;
        send({"SELECT", std::to_string(to_.database)});
    }
    // Whoever must say who it is and does not is told so by this; a long command would only be cut off.
    ++greetings_;
    send({"PING"});
}

void connection::send(const command& what)
{
    append(out_, what);
    ++due_;
    write();
    read();
}

void connection::write()
{
    if (is_writing_ || out_.empty() || user_ == nullptr)
        return;
    is_writing_ = true;
    writing_.clear();
    writing_.swap(out_);
    asio::async_write(socket_, asio::buffer(writing_), [self = shared_from_this()](error_code error, std::size_t) {
        self->is_writing_ = false;
        if (self->user_ == nullptr)
            return;
        if (error)
            self->end("the connection is lost: " + error.message());
        else
            self->write();
    });
}

void connection::read()
{
    if (is_reading_ || due_ == 0 || user_ == nullptr)
        return;
    is_reading_ = true;
    socket_.async_read_some(asio::buffer(in_), [self = shared_from_this()](error_code error, std::size_t size) {
        self->is_reading_ = false;
        if (self->user_ == nullptr)
            return;
        if (error) {
            self->end("the connection is lost: " + error.message());
            return;
        }
        if (redisReaderFeed(self->reader_, self->in_.data(), size) != REDIS_OK)
            self->end("there is no memory for its answer");
        else
            self->take_replies();
        self->read();
    });
}

void connection::take_replies()
{
    while (user_ != nullptr) {
        void* parsed = nullptr;
        if (redisReaderGetReply(reader_, &parsed) != REDIS_OK) {
            end("what it answers is not Redis's protocol");
            return;
        }
        if (parsed == nullptr)
            return;
        const std::unique_ptr<void, void (*)(void*)> owned(parsed, freeReplyObject);
        if (due_ == 0) {
            end("it answers without a question");
            return;
        }
        --due_;
        take(copied(*static_cast<const redisReply*>(parsed)));
    }
}

void connection::take(const reply& answer)
{
    if (greetings_ == 0) {
        user_->replied(answer);
        return;
    }
    --greetings_;
    const bool is_to_password = std::exchange(is_password_sent_, false);
    if (answer.is_error && is_to_password)
        // A server that does not know the command repeats what it was given.
        end("it refuses the name or password: " + first_word(answer.text));
    else if (answer.is_error)
        end("it refuses: " + answer.text);
    else if (greetings_ == 0)
        user_->opened();
}

void connection::end(const std::string& why)
{
    const auto user = user_;
    close();
    if (user != nullptr)
        user->ended(why);
}

void connection::close() noexcept
{
    user_ = nullptr;
    error_code ignored;
    resolver_.cancel();
    socket_.close(ignored);
}

} // namespace usher::redis
