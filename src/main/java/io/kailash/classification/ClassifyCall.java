package io.kailash.classification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.platform.Json;
import io.kailash.platform.JsonBody;
import io.kailash.platform.LiveCall;
import io.kailash.platform.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Classifies one item for those who ask over an open connection, as {@link ClassifyResource}. */
@Singleton
class ClassifyCall implements LiveCall {
  private final Classifier classifier;

  @Inject
  ClassifyCall(Classifier classifier) {
    this.classifier = classifier;
  }

  @Override
  public String name() {
    return "classify";
  }

  @Override
  public Object answer(JsonNode body) {
    if (body == null || !body.isObject()) {
      throw ProblemException.malformed("/body", "is not an object with what is to be classified");
    }
    ClassifyRequest request;
    try {
      request = Json.MAPPER.treeToValue(body, ClassifyRequest.class);
    } catch (JsonProcessingException wrong) {
      throw JsonBody.refusal(wrong);
    }
    classifier.check(request);
    return classifier.classify(request);
  }
}
