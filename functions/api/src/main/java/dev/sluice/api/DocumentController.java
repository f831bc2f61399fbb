package dev.sluice.api;

import dev.sluice.postgres.Transactions;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /documents}. */
@Controller("/documents")
final class DocumentController {
  private final CreateDocument createDocument;
  private final DeleteDocument deleteDocument;
  private final RollbackDocument rollbackDocument;
  private final DocumentRepository documents;
  private final Transactions transactions;

  DocumentController(
      CreateDocument createDocument,
      DeleteDocument deleteDocument,
      RollbackDocument rollbackDocument,
      DocumentRepository documents,
      Transactions transactions) {
    this.createDocument = createDocument;
    this.deleteDocument = deleteDocument;
    this.rollbackDocument = rollbackDocument;
    this.documents = documents;
    this.transactions = transactions;
  }

  @Post
  HttpResponse<AcceptedDocument> create(
      Caller caller,
      @Nullable @Header(IdempotencyKey.HEADER) String key,
      @Body NewDocument document) {
    var accepted = createDocument.create(caller, IdempotencyKey.of(key), document.check());
    return accepted.upload() == null ? HttpResponse.ok(accepted) : HttpResponse.created(accepted);
  }

  @Get("/{document_id}")
  DocumentView get(Caller caller, @PathVariable("document_id") UUID documentId) {
    return transactions
        .asTenant(caller.userId(), connection -> documents.find(documentId))
        .orElseThrow(Refusal::unknownDocument);
  }

  @Delete("/{document_id}")
  @Consumes(MediaType.ALL)
  @Status(HttpStatus.NO_CONTENT)
  void delete(Caller caller, @PathVariable("document_id") UUID documentId) {
    deleteDocument.delete(caller, documentId);
  }

  /** To the generation before the active one, or to the one that is named. */
  @Post("/{document_id}/rollback")
  @Consumes(MediaType.ALL)
  DocumentView rollback(
      Caller caller,
      @PathVariable("document_id") UUID documentId,
      @Nullable @QueryValue Integer generation) {
    return rollbackDocument.rollback(caller, documentId, generation);
  }
}
