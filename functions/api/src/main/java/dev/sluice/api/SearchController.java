package dev.sluice.api;

import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;

/** {@code /search}. */
@Controller("/search")
final class SearchController {
  private final SearchDocuments searchDocuments;

  SearchController(SearchDocuments searchDocuments) {
    this.searchDocuments = searchDocuments;
  }

  @Post
  io.micronaut.http.HttpResponse<SearchAnswer> search(
      Caller caller, @Body SearchQuestion question) {
    return io.micronaut.http.HttpResponse.ok(searchDocuments.search(caller, question));
  }
}
