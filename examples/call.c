/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A call in C: call SERVER USER [PEER]. Sends a test picture and a tone, shows and plays what the peer sends, and says how
 * the call goes. Without PEER it waits to be called. Ends with the call.
 *
 *   cc call.c -o call $(pkg-config --cflags --libs gstreamer-1.0) */
#include <gst/gst.h>
#include <stdio.h>

static void play_stream (GstElement *source, GstPad *pad, gpointer pipeline)
{
  const gboolean video = g_str_has_prefix (GST_PAD_NAME (pad), "video");
  const gchar *branch = video ? "videoconvert ! autovideosink" : "audioconvert ! audioresample ! autoaudiosink";
  GstElement *player = gst_parse_bin_from_description (branch, TRUE, NULL);
  GstPad *sink = gst_element_get_static_pad (player, "sink");

  (void) source;
  gst_bin_add (GST_BIN (pipeline), player);
  gst_pad_link (pad, sink);
  gst_element_sync_state_with_parent (player);
  gst_object_unref (sink);
  printf ("stream %s\n", video ? "video" : "audio");
}

/* Whether to go on after this message. */
static gboolean look_at (GstMessage *message)
{
  const GstStructure *structure = gst_message_get_structure (message);

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    GError *error = NULL;
    gst_message_parse_error (message, &error, NULL);
    fprintf (stderr, "%s\n", error->message);
    g_error_free (error);
    return FALSE;
  }
  if (gst_message_has_name (message, "rtc-call")) {
    const gchar *state = gst_structure_get_string (structure, "state");
    printf ("call %s\n", state);
    return g_strcmp0 (state, "ended") != 0;
  }
  if (gst_message_has_name (message, "rtc-session"))
    printf ("login %s\n", gst_structure_get_string (structure, "state"));
  return TRUE;
}

int main (int argc, char **argv)
{
  GstElement *pipeline, *source;
  GstMessage *message;
  GstBus *bus;
  gboolean on = TRUE;

  setvbuf (stdout, NULL, _IOLBF, 0);
  gst_init (&argc, &argv);
  if (argc < 3)
    g_error ("usage: call SERVER USER [PEER]");
  pipeline = gst_parse_launch ("videotestsrc is-live=true ! out.video_0 audiotestsrc is-live=true volume=0.1 ! out.audio_0 "
      "rtcsignalsink name=out rtcsignalsrc name=in", NULL);
  source = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  g_object_set (source, "server", argv[1], "user", argv[2], "peer", argc > 3 ? argv[3] : "", NULL);
  g_signal_connect (source, "pad-added", G_CALLBACK (play_stream), pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);

  bus = gst_element_get_bus (pipeline);
  while (on && (message = gst_bus_timed_pop (bus, GST_CLOCK_TIME_NONE)) != NULL) {
    on = look_at (message);
    gst_message_unref (message);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (bus);
  gst_object_unref (source);
  gst_object_unref (pipeline);
  return 0;
}
