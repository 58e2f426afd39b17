/** Zone files: found, read, checked, and their centres tried. */
package dev.zone.launcher.zones;
