package dev.zone.jobs.engine.graph;

/** Something to be done for each kind of operation. */
public interface OperationVisitor {
  /** For an input of the network. */
  void input(int node, Operation.Input operation);

  /** For a dense layer. */
  void dense(int node, Operation.Dense operation);

  /** For a convolution. */
  void convolution(int node, Operation.Convolution operation);

  /** For a convolution of each channel by itself. */
  void depthwise(int node, Operation.Depthwise operation);

  /** For a pooling. */
  void pooling(int node, Operation.Pooling operation);

  /** For a batch normalisation. */
  void normalization(int node, Operation.Normalization operation);

  /** For an LSTM. */
  void lstm(int node, Operation.Lstm operation);

  /** For a table's rows. */
  void embedding(int node, Operation.Embedding operation);

  /** For a function of each value. */
  void activation(int node, Mapping.Activation operation);

  /** For dropout. */
  void dropout(int node, Mapping.Dropout operation);

  /** For a sum. */
  void sum(int node, Mapping.Sum operation);

  /** For a product. */
  void product(int node);

  /** For the largest of several. */
  void maximum(int node);

  /** For shares of a whole. */
  void softmax(int node);

  /** For values of a fixed length. */
  void unitLength(int node, Mapping.UnitLength operation);

  /** For steps that are not seen. */
  void mask(int node);

  /** For what is not learned. */
  void stop(int node);

  /** For the last step. */
  void lastStep(int node);

  /** For one value of all steps. */
  void ofSteps(int node, Rearrangement.OfSteps operation);

  /** For the opposite order of steps. */
  void reversal(int node);

  /** For another shape. */
  void reshape(int node, Rearrangement.Reshape operation);

  /** For examples that are stacked. */
  void stack(int node);

  /** For some of stacked examples. */
  void unstack(int node, Rearrangement.Unstack operation);

  /** For a concatenation. */
  void concatenation(int node);

  /** For a part. */
  void part(int node, Rearrangement.Part operation);

  /** For a frame of zeros. */
  void padding(int node, Rearrangement.Padding operation);

  /** For values that are repeated. */
  void repetition(int node, Rearrangement.Repetition operation);
}
