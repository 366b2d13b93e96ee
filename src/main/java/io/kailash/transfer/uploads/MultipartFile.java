package io.kailash.transfer.uploads;

import io.kailash.platform.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.apache.commons.fileupload2.core.AbstractFileUpload;
import org.apache.commons.fileupload2.core.DiskFileItem;
import org.apache.commons.fileupload2.core.DiskFileItemFactory;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileItemInputIterator;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.RequestContext;

/** The one file of a multipart/form-data body, as a stream; nothing of it is kept on a disk. */
final class MultipartFile {
  private static final int MOST_PARTS_BEFORE = 20;

  private MultipartFile() {}

  /**
   * The first part that is a file.
   *
   * @throws ProblemException 400 where the body is not multipart/form-data or has no file
   */
  static InputStream in(InputStream body, String contentType) throws IOException {
    try {
      FileItemInputIterator parts = new Streaming().getItemIterator(new Body(body, contentType));
      for (int i = 0; i < MOST_PARTS_BEFORE && parts.hasNext(); i++) {
        FileItemInput part = parts.next();
        if (!part.isFormField()) {
          return part.getInputStream();
        }
      }
    } catch (FileUploadException notMultipart) {
      throw ProblemException.malformed("the body is not multipart/form-data as its header says");
    }
    throw ProblemException.malformed(
        "the body has no part with a file; options belong into the address, as in ?kind=items");
  }

  private record Body(InputStream stream, String type) implements RequestContext {
    @Override
    public String getCharacterEncoding() {
      return "UTF-8";
    }

    @Override
    public long getContentLength() {
      return -1;
    }

    @Override
    public String getContentType() {
      return type;
    }

    @Override
    public InputStream getInputStream() {
      return stream;
    }

    @Override
    public boolean isMultipartRelated() {
      return false;
    }
  }

  private static final class Streaming
      extends AbstractFileUpload<Body, DiskFileItem, DiskFileItemFactory> {
    @Override
    public FileItemInputIterator getItemIterator(Body request) throws IOException {
      return super.getItemIterator((RequestContext) request);
    }

    @Override
    public Map<String, List<DiskFileItem>> parseParameterMap(Body request)
        throws FileUploadException {
      throw new FileUploadException("only streams are read");
    }

    @Override
    public List<DiskFileItem> parseRequest(Body request) throws FileUploadException {
      throw new FileUploadException("only streams are read");
    }
  }
}
