/**
 * Folders that outlive a machine: on local disk, or on any file system that Hadoop's client knows.
 * The only package that knows Hadoop.
 *
 * <p>What each kind promises:
 *
 * <table>
 *   <caption>Promises</caption>
 *   <tr><th></th><th>local</th><th>HDFS</th><th>object stores through Hadoop's client</th></tr>
 *   <tr><td>a written file is on disk when {@code write} returns</td><td>yes, forced</td>
 *       <td>yes, forced on the data nodes of the pipeline</td><td>yes, the upload is complete</td></tr>
 *   <tr><td>of several that make a file of one name one succeeds</td><td>yes</td><td>yes</td>
 *       <td>yes, by a condition that the store heeds; of one that does not nothing is made</td></tr>
 *   <tr><td>a folder is renamed as one</td><td>yes</td><td>yes</td>
 *       <td>no: it is copied object by object</td></tr>
 *   <tr><td>a folder is removed as one</td><td>yes, hidden first</td><td>yes</td>
 *       <td>no: object by object</td></tr>
 * </table>
 *
 * <p>Who reads a folder that was published by renaming must therefore check digests: on an object
 * store a half-renamed folder can be seen.
 */
package dev.zone.datasets.storage;
